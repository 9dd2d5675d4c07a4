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
