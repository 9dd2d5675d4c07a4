-- Who sold, or took a return back; null when that is nobody on our staff.
ALTER TABLE timeline_entry ADD COLUMN staff_id {uuid};
UPDATE timeline_entry SET staff_id = (SELECT p.staff_id FROM purchase p
    WHERE p.customer_id = timeline_entry.customer_id AND p.id = timeline_entry.purchase_id)
WHERE kind = 'purchase';
-- Who had the contact, beside who took a step.
UPDATE timeline_step SET staff_id = (SELECT c.staff_id FROM contact c
    WHERE c.customer_id = timeline_step.customer_id AND c.id = timeline_step.contact_id)
WHERE kind = 'contact';
-- The purchase that an answer is about.
ALTER TABLE timeline_step ADD COLUMN purchase_id {uuid};
-- What was decided about reaching the customer, the invitation, and the answer.
ALTER TABLE timeline_step ADD COLUMN outreach_id {uuid};
ALTER TABLE timeline_step ADD COLUMN invitation_id {uuid};
ALTER TABLE timeline_step ADD COLUMN answer_id {uuid};

DROP VIEW timeline;
CREATE VIEW timeline AS
SELECT customer_id, occurred_at, id, kind, org_unit_id, channel, purchase_id, currency, amount_minor,
    CAST(NULL AS {uuid}) AS contact_id, CAST(NULL AS {uuid}) AS case_id, CAST(NULL AS {uuid}) AS task_id,
    CAST(NULL AS {uuid}) AS gesture_id, staff_id, CAST(NULL AS {uuid}) AS outreach_id,
    CAST(NULL AS {uuid}) AS invitation_id, CAST(NULL AS {uuid}) AS answer_id
FROM timeline_entry
UNION ALL
SELECT customer_id, occurred_at, id, kind, org_unit_id, channel, purchase_id, currency,
    amount_minor, contact_id, case_id, task_id, gesture_id, staff_id, outreach_id, invitation_id, answer_id
FROM timeline_step;

-- The due time of a promise for which a breach was recorded.
ALTER TABLE contact ADD COLUMN promise_breached_for {time};
CREATE INDEX contact_promise_breach ON contact (promise_due_at)
    WHERE promise_state = 'open' AND (promise_breached_for IS NULL OR promise_breached_for <> promise_due_at);

-- The clock of the first response: when there is a warning, and the times for which a warning and a breach
-- were recorded.
ALTER TABLE service_case ADD COLUMN respond_warn_at {time};
ALTER TABLE service_case ADD COLUMN response_warned_for {time};
ALTER TABLE service_case ADD COLUMN response_breached_for {time};
CREATE INDEX service_case_response_warn ON service_case (respond_warn_at)
    WHERE state IN ('open', 'offered') AND responded_at IS NULL
    AND (response_warned_for IS NULL OR response_warned_for <> respond_by);
CREATE INDEX service_case_response_breach ON service_case (respond_by)
    WHERE state IN ('open', 'offered') AND responded_at IS NULL
    AND (response_breached_for IS NULL OR response_breached_for <> respond_by);
CREATE INDEX service_case_response_escalated ON service_case (due_at, id)
    WHERE state IN ('open', 'offered') AND responded_at IS NULL AND response_warned_for = respond_by;

-- A customer's own, the latest first.
CREATE INDEX gesture_customer ON gesture (customer_id, occurred_at, id);

-- PostgreSQL fixes a view's columns when it is made, so it is made anew to have those above.
DROP VIEW open_case;
CREATE VIEW open_case AS SELECT * FROM service_case WHERE state IN ('open', 'offered');

-- What waits to be done again, with the breaches of promises.
DROP VIEW owed;
CREATE VIEW owed AS
SELECT customer_id, id, 'case' AS kind, org_unit_id, due_at, topic AS what, accountable_id AS staff_id, handler_id,
    id AS case_id, CAST(NULL AS {uuid}) AS task_id, contact_id, warned_for, breached_for
FROM service_case WHERE state IN ('open', 'offered')
UNION ALL
SELECT customer_id, id, 'promise', org_unit_id, promise_due_at, promise_what, promise_staff_id, CAST(NULL AS {uuid}),
    CAST(NULL AS {uuid}), CAST(NULL AS {uuid}), id, CAST(NULL AS {time}), promise_breached_for
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
