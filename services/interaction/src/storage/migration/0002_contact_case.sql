CREATE TABLE contact (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    org_unit_id {uuid} NOT NULL,
    staff_id {uuid},
    channel text NOT NULL,
    direction text NOT NULL,
    phase text NOT NULL,
    -- Business time; recorded_at is system time.
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    topic text NOT NULL,
    notes text,
    outcome text,
    -- What was promised; all null when nothing was.
    promise_what text,
    promise_notes text,
    promise_staff_id {uuid},
    promise_due_at {time},
    promise_state text,
    promise_settled_at {time},
    PRIMARY KEY (customer_id, id),
    CONSTRAINT contact_promise CHECK ((promise_what IS NULL) = (promise_due_at IS NULL)
        AND (promise_what IS NULL) = (promise_state IS NULL))
);
CREATE INDEX contact_occurred ON contact (customer_id, occurred_at, id);

-- The contacts of a customer by channel and phase, kept by each command.
CREATE TABLE contact_count (
    customer_id {uuid} NOT NULL,
    channel text NOT NULL,
    phase text NOT NULL,
    contacts integer NOT NULL,
    last_at {time} NOT NULL,
    PRIMARY KEY (customer_id, channel, phase)
);

CREATE TABLE service_case (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    org_unit_id {uuid} NOT NULL,
    contact_id {uuid},
    topic text NOT NULL,
    severity text NOT NULL,
    subject text,
    state text NOT NULL,
    -- Who answers for it; only a manager changes that.
    accountable_id {uuid} NOT NULL,
    -- Who works on it; hand-overs move it.
    handler_id {uuid} NOT NULL,
    offered_to_id {uuid},
    -- Business time of its coming up; recorded_at is system time.
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    due_at {time} NOT NULL,
    resolved_at {time},
    closed_at {time},
    outcome text,
    resolution text,
    reopened integer NOT NULL,
    transfers integer NOT NULL,
    ping_pong boolean NOT NULL,
    PRIMARY KEY (customer_id, id),
    CONSTRAINT service_case_offered CHECK ((state = 'offered') = (offered_to_id IS NOT NULL))
);
CREATE INDEX service_case_occurred ON service_case (customer_id, occurred_at, id);
CREATE INDEX service_case_open ON service_case (customer_id, occurred_at, id) WHERE state IN ('open', 'offered');
CREATE INDEX service_case_unit ON service_case (org_unit_id, occurred_at);
-- Desks, one range each.
CREATE INDEX service_case_accountable ON service_case (accountable_id, due_at, id) WHERE state IN ('open', 'offered');
CREATE INDEX service_case_handler ON service_case (handler_id, due_at, id) WHERE state IN ('open', 'offered');
CREATE INDEX service_case_offered_to ON service_case (offered_to_id, due_at, id) WHERE state IN ('open', 'offered');

CREATE VIEW open_case AS SELECT * FROM service_case WHERE state IN ('open', 'offered');

CREATE TABLE case_hand_over (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    case_id {uuid} NOT NULL,
    -- Their order within the case, from 1.
    ordinal integer NOT NULL,
    from_staff_id {uuid} NOT NULL,
    to_staff_id {uuid} NOT NULL,
    occurred_at {time} NOT NULL,
    reason text,
    state text NOT NULL,
    answered_at {time},
    decline_reason text,
    PRIMARY KEY (customer_id, id),
    CONSTRAINT case_hand_over_ordinal UNIQUE (customer_id, case_id, ordinal)
);

-- What happened besides purchases and returns, a row each: contacts and the steps of cases.
CREATE TABLE timeline_step (
    customer_id {uuid} NOT NULL,
    occurred_at {time} NOT NULL,
    -- The id of the contact, or of the step.
    id {uuid} NOT NULL,
    kind text NOT NULL,
    org_unit_id {uuid} NOT NULL,
    channel text,
    contact_id {uuid},
    case_id {uuid},
    PRIMARY KEY (customer_id, occurred_at, id)
);

-- Everything. A page is one range of each table's key, merged; a version that knows only purchases and
-- returns goes on reading and writing its own table.
CREATE VIEW timeline AS
SELECT customer_id, occurred_at, id, kind, org_unit_id, channel, purchase_id, currency, amount_minor,
    CAST(NULL AS {uuid}) AS contact_id, CAST(NULL AS {uuid}) AS case_id
FROM timeline_entry
UNION ALL
SELECT customer_id, occurred_at, id, kind, org_unit_id, channel, CAST(NULL AS {uuid}), CAST(NULL AS text),
    CAST(NULL AS bigint), contact_id, case_id
FROM timeline_step;
