-- One number per subject: the order of its events, the version of what is served of it, and the row
-- whose lock serialises its writers.
CREATE TABLE revision (
    subject_id {uuid} NOT NULL PRIMARY KEY,
    revision bigint NOT NULL
);

-- What was told, in the transaction that made it true. Ids are taken before commit: never read
-- "greater than the last one" on PostgreSQL.
CREATE TABLE outbox (
    id {serial},
    event_id {uuid} NOT NULL,
    event_type text NOT NULL,
    envelope {json} NOT NULL,
    recorded_at {time} NOT NULL,
    published_at {time}
);
CREATE UNIQUE INDEX outbox_event_id_key ON outbox (event_id);
CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at);

-- What was received and applied, or parked.
CREATE TABLE inbox (
    event_id {uuid} NOT NULL PRIMARY KEY,
    event_type text NOT NULL,
    received_at {time} NOT NULL
);
CREATE INDEX inbox_received ON inbox (received_at);

-- Events whose subject is not known here yet; applied in the transaction that brings it.
CREATE TABLE waiting_for (
    subject_id {uuid} NOT NULL,
    event_id {uuid} NOT NULL,
    envelope {json} NOT NULL,
    parked_at {time} NOT NULL,
    PRIMARY KEY (subject_id, event_id)
);
CREATE INDEX waiting_for_parked ON waiting_for (parked_at);

-- Events whose reaction failed: with retry_at they will be tried again, without they are dead letters.
CREATE TABLE failed_event (
    event_id {uuid} NOT NULL PRIMARY KEY,
    event_type text NOT NULL,
    envelope {json} NOT NULL,
    reason text NOT NULL,
    attempts integer NOT NULL,
    first_failed_at {time} NOT NULL,
    last_failed_at {time} NOT NULL,
    retry_at {time},
    trace_id text
);
CREATE INDEX failed_event_due ON failed_event (retry_at) WHERE retry_at IS NOT NULL;

-- How far this service has applied another's outbox on the local bus.
CREATE TABLE bus_position (
    publisher text NOT NULL PRIMARY KEY,
    position bigint NOT NULL
);

-- The answer that a command gave, so that repeating it gives the same one.
CREATE TABLE idempotency (
    principal text NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    revision bigint,
    reply {json},
    created_at {time} NOT NULL,
    PRIMARY KEY (principal, route, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

-- Work that one replica does at a time; times by the database's own clock, in milliseconds.
CREATE TABLE lease (
    name text NOT NULL PRIMARY KEY,
    holder {uuid} NOT NULL,
    expires_ms bigint NOT NULL
);

-- Who did what to whom, in the transaction that did it.
CREATE TABLE audit_entry (
    id {uuid} NOT NULL PRIMARY KEY,
    recorded_at {time} NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject_id {uuid},
    detail text,
    trace_id text
);
CREATE INDEX audit_entry_subject ON audit_entry (subject_id, id);
