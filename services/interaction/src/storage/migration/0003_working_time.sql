-- When we work. Not a customer's data: small tables, keyed by themselves.
CREATE TABLE calendar (
    id {uuid} NOT NULL PRIMARY KEY,
    code text {c} NOT NULL CONSTRAINT calendar_code_key UNIQUE,
    time_zone text NOT NULL,
    -- Days of the week, holidays and special days, as the API writes them.
    week {json} NOT NULL,
    holidays {json} NOT NULL,
    special_days {json} NOT NULL
);

-- A unit without a row works by the calendar of the nearest unit above it.
CREATE TABLE unit_calendar (
    org_unit_id {uuid} NOT NULL PRIMARY KEY,
    calendar_id {uuid} NOT NULL
);

CREATE TABLE service_standard (
    -- Empty for any topic.
    topic text {c} NOT NULL,
    severity text {c} NOT NULL,
    response_minutes integer,
    resolution_minutes integer NOT NULL,
    warning_percent integer NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (topic, severity)
);

-- The standard as it was when the due time was computed from it; null when that was given by hand.
ALTER TABLE service_case ADD COLUMN standard {json};
ALTER TABLE service_case ADD COLUMN warn_at {time};
ALTER TABLE service_case ADD COLUMN respond_by {time};
ALTER TABLE service_case ADD COLUMN responded_at {time};
-- The due times for which a warning and a breach were recorded: each once.
ALTER TABLE service_case ADD COLUMN warned_for {time};
ALTER TABLE service_case ADD COLUMN breached_for {time};
-- Working minutes from coming up to resolution; null while it is not resolved.
ALTER TABLE service_case ADD COLUMN worked_minutes bigint;
CREATE INDEX service_case_warn ON service_case (warn_at)
    WHERE state IN ('open', 'offered') AND (warned_for IS NULL OR warned_for <> due_at);
CREATE INDEX service_case_breach ON service_case (due_at)
    WHERE state IN ('open', 'offered') AND (breached_for IS NULL OR breached_for <> due_at);
CREATE INDEX service_case_escalated ON service_case (due_at, id)
    WHERE state IN ('open', 'offered') AND warned_for = due_at;

CREATE TABLE task (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    org_unit_id {uuid} NOT NULL,
    kind text NOT NULL,
    what text NOT NULL,
    notes text,
    state text NOT NULL,
    owner_id {uuid} NOT NULL,
    opened_by_id {uuid},
    case_id {uuid},
    -- Of a delivery: what, how much, and when the customer runs out. The day is by UTC, as YYYY-MM-DD.
    sku text,
    quantity_milli bigint,
    runs_out_at {time},
    runs_out_on text,
    -- Business time; recorded_at is system time.
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    planned_at {time},
    due_at {time} NOT NULL,
    settled_at {time},
    outcome text,
    -- The due time for which a breach was recorded.
    breached_for {time},
    -- The day of the action plan that it belongs to; its unit is that of the plan.
    plan_date text,
    PRIMARY KEY (customer_id, id),
    CONSTRAINT task_supply CHECK ((sku IS NULL) = (runs_out_on IS NULL) AND (sku IS NULL) = (runs_out_at IS NULL)),
    CONSTRAINT task_settled CHECK ((state = 'open') = (settled_at IS NULL))
);
CREATE INDEX task_occurred ON task (customer_id, occurred_at, id);
CREATE INDEX task_open ON task (customer_id, due_at, id) WHERE state = 'open';
CREATE INDEX task_owner ON task (owner_id, due_at, id) WHERE state = 'open';
CREATE INDEX task_breach ON task (due_at) WHERE state = 'open' AND (breached_for IS NULL OR breached_for <> due_at);
CREATE INDEX task_plan ON task (org_unit_id, plan_date, runs_out_at, id) WHERE plan_date IS NOT NULL;
-- At most one delivery for each day on which a customer runs out of something.
CREATE UNIQUE INDEX task_supply_day ON task (customer_id, sku, runs_out_on) WHERE sku IS NOT NULL;

-- Due times that were missed, and whom they are charged to: whoever answered for the case, or owned the task.
CREATE TABLE breach (
    customer_id {uuid} NOT NULL,
    -- Follows from what was missed and its due time, so that it is charged once.
    id {uuid} NOT NULL,
    -- case or task.
    kind text NOT NULL,
    subject_id {uuid} NOT NULL,
    staff_id {uuid} NOT NULL,
    org_unit_id {uuid} NOT NULL,
    due_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX breach_unit ON breach (org_unit_id, due_at);

-- When a customer runs out of something, as loyalty reckoned last.
CREATE TABLE replenishment_due (
    customer_id {uuid} NOT NULL,
    sku text {c} NOT NULL,
    runs_out_at {time} NOT NULL,
    runs_out_on text NOT NULL,
    deliver_by {time} NOT NULL,
    quantity_milli bigint,
    -- Which of two is the later one.
    revision bigint NOT NULL,
    occurred_at {time} NOT NULL,
    event_id {uuid} NOT NULL,
    PRIMARY KEY (customer_id, sku)
);
CREATE INDEX replenishment_due_runs_out ON replenishment_due (runs_out_at);

CREATE TABLE nightly_plan (
    org_unit_id {uuid} NOT NULL PRIMARY KEY,
    -- 0 when it is not made any more.
    horizon_days integer NOT NULL,
    default_owner_id {uuid} NOT NULL,
    next_at {time} NOT NULL
);
CREATE INDEX nightly_plan_next ON nightly_plan (next_at) WHERE horizon_days > 0;

CREATE INDEX contact_promise_open ON contact (customer_id, promise_due_at, id) WHERE promise_state = 'open';
CREATE INDEX contact_promise_staff ON contact (promise_staff_id, promise_due_at, id) WHERE promise_state = 'open';
CREATE INDEX case_hand_over_offered ON case_hand_over (customer_id, id) WHERE state = 'offered';
CREATE INDEX case_hand_over_staff ON case_hand_over (to_staff_id, id) WHERE state = 'offered';

-- What waits to be done, whatever it is. handler_id is whoever works on a case that another answers for.
CREATE VIEW owed AS
SELECT customer_id, id, 'case' AS kind, org_unit_id, due_at, topic AS what, accountable_id AS staff_id, handler_id,
    id AS case_id, CAST(NULL AS {uuid}) AS task_id, contact_id, warned_for, breached_for
FROM service_case WHERE state IN ('open', 'offered')
UNION ALL
SELECT customer_id, id, 'promise', org_unit_id, promise_due_at, promise_what, promise_staff_id, CAST(NULL AS {uuid}),
    CAST(NULL AS {uuid}), CAST(NULL AS {uuid}), id, CAST(NULL AS {time}), CAST(NULL AS {time})
FROM contact WHERE promise_state = 'open'
UNION ALL
SELECT h.customer_id, h.id, 'hand_over', c.org_unit_id, c.due_at, c.topic, h.to_staff_id, CAST(NULL AS {uuid}),
    c.id, CAST(NULL AS {uuid}), c.contact_id, c.warned_for, c.breached_for
FROM case_hand_over h JOIN service_case c ON c.customer_id = h.customer_id AND c.id = h.case_id
WHERE h.state = 'offered'
UNION ALL
SELECT customer_id, id, 'task', org_unit_id, due_at, what, owner_id, CAST(NULL AS {uuid}),
    case_id, id, CAST(NULL AS {uuid}), CAST(NULL AS {time}), breached_for
FROM task WHERE state = 'open';

-- The timeline again, with the steps of tasks.
ALTER TABLE timeline_step ADD COLUMN task_id {uuid};
DROP VIEW timeline;
CREATE VIEW timeline AS
SELECT customer_id, occurred_at, id, kind, org_unit_id, channel, purchase_id, currency, amount_minor,
    CAST(NULL AS {uuid}) AS contact_id, CAST(NULL AS {uuid}) AS case_id, CAST(NULL AS {uuid}) AS task_id
FROM timeline_entry
UNION ALL
SELECT customer_id, occurred_at, id, kind, org_unit_id, channel, CAST(NULL AS {uuid}), CAST(NULL AS text),
    CAST(NULL AS bigint), contact_id, case_id, task_id
FROM timeline_step;

-- The list of open cases holds every column of a case.
DROP VIEW open_case;
CREATE VIEW open_case AS SELECT * FROM service_case WHERE state IN ('open', 'offered');
