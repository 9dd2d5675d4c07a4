-- What all services told of a customer: one row each, opened with the account. Kind, status and home unit
-- are in customer_ref, tier and points in points_account; what is here is derived from the facts below, so
-- that it does not depend on the order in which they come. Days are days since 1970 (UTC).
CREATE TABLE profile (
    customer_id {uuid} NOT NULL PRIMARY KEY,
    purchases bigint NOT NULL,
    first_purchase_day bigint,
    last_purchase_day bigint,
    main_currency text,
    contacts bigint NOT NULL,
    first_contact_at {time},
    last_contact_at {time},
    open_cases bigint NOT NULL,
    complaints bigint NOT NULL,
    cases_resolved bigint NOT NULL,
    nps_score bigint,
    nps_at {time},
    csat_score bigint,
    csat_at {time},
    ces_score bigint,
    ces_at {time},
    -- 1 when the last measured recovery won the customer back, 0 when not.
    recovered bigint,
    recovery_at {time},
    recovery_answer_id {uuid},
    -- The publisher's revision of what the customer allows us; older states are skipped.
    consent_revision bigint NOT NULL,
    -- Of the last run of scoring.
    rfm_recency bigint,
    rfm_frequency bigint,
    rfm_money bigint,
    rfm_currency text,
    rfm_day bigint
);

-- What was bought in each currency.
CREATE TABLE profile_turnover (
    customer_id {uuid} NOT NULL,
    currency text NOT NULL,
    purchases bigint NOT NULL,
    amount_minor bigint NOT NULL,
    PRIMARY KEY (customer_id, currency)
);

-- Dated facts, to be counted in windows. Purchases are in dealing.
CREATE TABLE profile_contact (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    occurred_at {time} NOT NULL,
    day bigint NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX profile_contact_by_day ON profile_contact (customer_id, day);

CREATE TABLE profile_case (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    -- 1 when any message said that the customer complained.
    complaint bigint NOT NULL,
    -- As the message with the highest revision said.
    state text NOT NULL,
    revision bigint NOT NULL,
    -- The day on which it came up.
    day bigint NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX profile_case_by_day ON profile_case (customer_id, day);

CREATE TABLE profile_answer (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    instrument text NOT NULL,
    score bigint NOT NULL,
    occurred_at {time} NOT NULL,
    day bigint NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX profile_answer_by_day ON profile_answer (customer_id, day);
CREATE INDEX profile_answer_latest ON profile_answer (customer_id, instrument, occurred_at, id);

CREATE INDEX dealing_by_day ON dealing (customer_id, day);

CREATE TABLE profile_consent (
    customer_id {uuid} NOT NULL,
    purpose text NOT NULL,
    channel text NOT NULL,
    status text NOT NULL,
    expires_at {time},
    PRIMARY KEY (customer_id, purpose, channel)
);

-- A segmentable attribute: a number stands for an integer, thousandths, a day, or 0 and 1. Both are null when
-- the last observation was taken back; the row stays, so that an older message does not bring it back.
CREATE TABLE profile_attribute (
    customer_id {uuid} NOT NULL,
    attribute text {c} NOT NULL,
    number bigint,
    code text {c},
    revision bigint NOT NULL,
    PRIMARY KEY (customer_id, attribute)
);
CREATE INDEX profile_attribute_by_number ON profile_attribute (attribute, number);

-- Attributes that were told with a value, and the type of their values.
CREATE TABLE attribute_known (
    attribute text {c} NOT NULL PRIMARY KEY,
    value_type text NOT NULL
);

-- When the whole base was scored.
CREATE TABLE rfm_scoring (
    day bigint NOT NULL PRIMARY KEY,
    scored_at {time} NOT NULL,
    customers bigint NOT NULL
);

-- Lists that are kept by hand.
CREATE TABLE customer_list (
    id {uuid} NOT NULL PRIMARY KEY,
    code text {c} NOT NULL CONSTRAINT customer_list_code_key UNIQUE,
    name text NOT NULL,
    created_at {time} NOT NULL
);
CREATE TABLE customer_list_member (
    customer_id {uuid} NOT NULL,
    list_id {uuid} NOT NULL,
    PRIMARY KEY (customer_id, list_id)
);
CREATE INDEX customer_list_member_by_list ON customer_list_member (list_id, customer_id);

CREATE TABLE segment (
    id {uuid} NOT NULL PRIMARY KEY,
    code text {c} NOT NULL CONSTRAINT segment_code_key UNIQUE,
    name text NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    -- When kept membership is compared with the condition next.
    due_at {time} NOT NULL
);
CREATE INDEX segment_due ON segment (due_at) WHERE state = 'active';

-- Every condition that a segment had. Never changed.
CREATE TABLE segment_version (
    segment_id {uuid} NOT NULL,
    version integer NOT NULL,
    condition {json} NOT NULL,
    made_at {time} NOT NULL,
    PRIMARY KEY (segment_id, version)
);

-- Who belongs to an active segment, as it was last judged.
CREATE TABLE segment_member (
    customer_id {uuid} NOT NULL,
    segment_id {uuid} NOT NULL,
    since {time} NOT NULL,
    PRIMARY KEY (customer_id, segment_id)
);
CREATE INDEX segment_member_by_segment ON segment_member (segment_id, customer_id);

-- Customers who are known already get their row; what they bought is known, what others told before is not.
INSERT INTO profile_turnover (customer_id, currency, purchases, amount_minor)
    SELECT customer_id, currency, CAST(sum(purchases) AS bigint), CAST(sum(amount_minor) AS bigint)
    FROM dealing GROUP BY customer_id, currency;
INSERT INTO profile (customer_id, purchases, first_purchase_day, last_purchase_day, main_currency, contacts,
        open_cases, complaints, cases_resolved, consent_revision)
    SELECT a.customer_id,
        (SELECT CAST(COALESCE(sum(d.purchases), 0) AS bigint) FROM dealing d WHERE d.customer_id = a.customer_id),
        (SELECT min(d.day) FROM dealing d WHERE d.customer_id = a.customer_id AND d.purchases = 1),
        (SELECT max(d.day) FROM dealing d WHERE d.customer_id = a.customer_id AND d.purchases = 1),
        (SELECT t.currency FROM profile_turnover t WHERE t.customer_id = a.customer_id
            ORDER BY t.purchases DESC, t.currency LIMIT 1),
        0, 0, 0, 0, 0
    FROM points_account a;
