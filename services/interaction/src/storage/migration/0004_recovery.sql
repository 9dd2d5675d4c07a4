-- Whether an outbound contact was answered; null when that is not known.
ALTER TABLE contact ADD COLUMN answered boolean;

ALTER TABLE service_case ADD COLUMN complaint boolean NOT NULL DEFAULT false;
-- The answer with a low score that the case follows up.
ALTER TABLE service_case ADD COLUMN answer_id {uuid};
-- What became of the customer: set when they answered again.
ALTER TABLE service_case ADD COLUMN recovered boolean;
ALTER TABLE service_case ADD COLUMN score_before integer;
ALTER TABLE service_case ADD COLUMN score_after integer;
ALTER TABLE service_case ADD COLUMN measured_at {time};
-- An answer is followed up once.
CREATE UNIQUE INDEX service_case_answer ON service_case (customer_id, answer_id) WHERE answer_id IS NOT NULL;
CREATE INDEX service_case_complaint ON service_case (customer_id, occurred_at) WHERE complaint;

-- PostgreSQL fixes a view's columns when it is made, so it is made anew to have those above.
DROP VIEW open_case;
CREATE VIEW open_case AS SELECT * FROM service_case WHERE state IN ('open', 'offered');

-- Who took the step; null when the system did, or somebody who is not on our staff.
ALTER TABLE timeline_step ADD COLUMN staff_id {uuid};
ALTER TABLE timeline_step ADD COLUMN gesture_id {uuid};
-- What we give by a gesture; negative when it came back.
ALTER TABLE timeline_step ADD COLUMN currency text;
ALTER TABLE timeline_step ADD COLUMN amount_minor bigint;

DROP VIEW timeline;
CREATE VIEW timeline AS
SELECT customer_id, occurred_at, id, kind, org_unit_id, channel, purchase_id, currency, amount_minor,
    CAST(NULL AS {uuid}) AS contact_id, CAST(NULL AS {uuid}) AS case_id, CAST(NULL AS {uuid}) AS task_id,
    CAST(NULL AS {uuid}) AS gesture_id, CAST(NULL AS {uuid}) AS staff_id
FROM timeline_entry
UNION ALL
SELECT customer_id, occurred_at, id, kind, org_unit_id, channel, CAST(NULL AS {uuid}), currency,
    amount_minor, contact_id, case_id, task_id, gesture_id, staff_id
FROM timeline_step;

-- Who took over from somebody who left.
CREATE TABLE staff_successor (
    staff_id {uuid} NOT NULL PRIMARY KEY,
    successor_id {uuid} NOT NULL,
    revision bigint NOT NULL
);

-- What a customer allows us, as the customer service told it last: consents, quiet spans, time zone,
-- stated channels.
CREATE TABLE consent_copy (
    customer_id {uuid} NOT NULL PRIMARY KEY,
    state {json} NOT NULL,
    revision bigint NOT NULL
);

CREATE TABLE household_copy (
    customer_id {uuid} NOT NULL PRIMARY KEY,
    -- Null when they belong to none any more.
    household_id {uuid},
    revision bigint NOT NULL
);
CREATE INDEX household_copy_household ON household_copy (household_id);

-- What somebody set instead of what stands in the code; at most one row.
CREATE TABLE outreach_policy (
    id integer NOT NULL PRIMARY KEY,
    person_most integer NOT NULL,
    person_days integer NOT NULL,
    household_most integer NOT NULL,
    household_days integer NOT NULL,
    time_zone text NOT NULL,
    CONSTRAINT outreach_policy_one CHECK (id = 1)
);

-- Proposals to reach a customer, each decided once: granted with a channel and a time, or held.
CREATE TABLE outreach (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    purpose text NOT NULL,
    reason text NOT NULL,
    owed boolean NOT NULL,
    caused_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    -- When it was decided.
    occurred_at {time} NOT NULL,
    channel text,
    not_before {time},
    held_because text,
    PRIMARY KEY (customer_id, id),
    CONSTRAINT outreach_decided CHECK ((channel IS NULL) = (not_before IS NULL)
        AND (channel IS NULL) <> (held_because IS NULL))
);
CREATE INDEX outreach_occurred ON outreach (customer_id, occurred_at, id);
CREATE INDEX outreach_granted ON outreach (customer_id, not_before) WHERE held_because IS NULL;

-- Who may give how much, as an administrator set it.
CREATE TABLE authority_line (
    -- Its place in the matrix.
    ordinal integer NOT NULL PRIMARY KEY,
    role text NOT NULL,
    -- Null: whatever kind of unit they work for.
    unit_kind text,
    currency text NOT NULL,
    -- Null: without limit.
    limit_minor bigint,
    monthly_minor bigint
);

CREATE TABLE gesture (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    org_unit_id {uuid} NOT NULL,
    case_id {uuid},
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    reason text NOT NULL,
    notes text,
    state text NOT NULL,
    asked_by_id {uuid} NOT NULL,
    -- Business time of asking; recorded_at is system time.
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    -- The lowest authority that covers it, when it was escalated.
    needs_role text,
    needs_unit_kind text,
    decided_by_id {uuid},
    decided_at {time},
    refusal text,
    outcome text,
    PRIMARY KEY (customer_id, id),
    CONSTRAINT gesture_amount CHECK (amount_minor > 0),
    CONSTRAINT gesture_decided CHECK ((state = 'escalated') = (decided_by_id IS NULL)
        AND (decided_by_id IS NULL) = (decided_at IS NULL))
);
CREATE INDEX gesture_occurred ON gesture (occurred_at, id);
CREATE INDEX gesture_escalated ON gesture (occurred_at, id) WHERE state = 'escalated';
CREATE INDEX gesture_case ON gesture (customer_id, case_id, occurred_at);

-- What was given and what came back; rows are added, never changed.
CREATE TABLE gesture_entry (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    gesture_id {uuid} NOT NULL,
    -- Whose budget it counts for, and in which month (UTC). What came back counts for the month of the gift.
    staff_id {uuid} NOT NULL,
    month text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX gesture_entry_gesture ON gesture_entry (customer_id, gesture_id, recorded_at);
CREATE INDEX gesture_entry_month ON gesture_entry (month, staff_id, currency);
