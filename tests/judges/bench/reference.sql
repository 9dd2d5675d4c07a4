-- The plain database that one would build without the suite: a table for each thing, one wide row for marketing.
-- It is filled by COPY; keys and indexes come afterwards (reference-indexes.sql), which is several times faster.

CREATE TABLE customer (
    id uuid NOT NULL,
    kind text,
    name text,
    birth_date date,
    language text,
    stage text,
    unit_id uuid,
    registered_at timestamptz
);

CREATE TABLE contact_point (
    customer_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text,
    value text
);

CREATE TABLE contact (
    customer_id uuid NOT NULL,
    id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    channel text,
    direction text,
    phase text,
    topic text
);

CREATE TABLE purchase (
    customer_id uuid NOT NULL,
    id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    total_minor bigint,
    currency text,
    channel text
);

CREATE TABLE account (
    customer_id uuid NOT NULL,
    balance bigint,
    tier text,
    qualifying bigint
);

CREATE TABLE answer (
    customer_id uuid NOT NULL,
    id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    instrument text,
    score integer
);

-- What segments/segments.json asks of. Numbers of purchases and contacts are 0 when there are none; everything else
-- that is not known is null.
CREATE TABLE wide (
    customer_id uuid NOT NULL,
    kind text,
    stage text,
    unit_id uuid,
    tier text,
    balance bigint,
    purchases bigint,
    spent_minor bigint,
    last_purchase_at timestamptz,
    r integer,
    f integer,
    m integer,
    nps_score integer,
    nps_at timestamptz,
    contacts bigint,
    last_contact_at timestamptz,
    email_consent boolean
);
