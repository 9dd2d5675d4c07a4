CREATE TABLE answer (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    instrument text NOT NULL,
    score integer NOT NULL,
    -- In the customer's own words: never told to others, and gone with an erasure.
    verbatim text,
    org_unit_id {uuid},
    purchase_id {uuid},
    channel text NOT NULL,
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX answer_latest ON answer (customer_id, occurred_at, id);
