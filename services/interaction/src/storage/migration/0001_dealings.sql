CREATE TABLE purchase (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    org_unit_id {uuid} NOT NULL,
    staff_id {uuid},
    channel text NOT NULL,
    -- Business time; recorded_at is system time.
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    currency text NOT NULL,
    total_minor bigint NOT NULL,
    -- The sum of its returns, kept by each of them.
    returned_minor bigint NOT NULL,
    PRIMARY KEY (customer_id, id),
    CONSTRAINT purchase_returned CHECK (returned_minor BETWEEN 0 AND total_minor)
);
CREATE INDEX purchase_occurred ON purchase (customer_id, occurred_at, id);

CREATE TABLE purchase_line (
    customer_id {uuid} NOT NULL,
    purchase_id {uuid} NOT NULL,
    line_no integer NOT NULL,
    sku text NOT NULL,
    quantity_milli bigint NOT NULL,
    amount_minor bigint NOT NULL,
    -- What came back of the line, kept by each return, so that none of them needs a sum.
    returned_quantity_milli bigint NOT NULL,
    returned_amount_minor bigint NOT NULL,
    PRIMARY KEY (customer_id, purchase_id, line_no),
    CONSTRAINT purchase_line_returned_quantity CHECK (returned_quantity_milli BETWEEN 0 AND quantity_milli),
    CONSTRAINT purchase_line_returned_amount CHECK (returned_amount_minor BETWEEN 0 AND amount_minor)
);

CREATE TABLE purchase_return (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    purchase_id {uuid} NOT NULL,
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    reason text NOT NULL,
    total_minor bigint NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX purchase_return_purchase ON purchase_return (customer_id, purchase_id, id);

CREATE TABLE purchase_return_line (
    customer_id {uuid} NOT NULL,
    return_id {uuid} NOT NULL,
    line_no integer NOT NULL,
    quantity_milli bigint NOT NULL,
    amount_minor bigint NOT NULL,
    PRIMARY KEY (customer_id, return_id, line_no)
);

-- Everything that happened, a row each, in the order in which it is read: a page is one range of the key.
CREATE TABLE timeline_entry (
    customer_id {uuid} NOT NULL,
    occurred_at {time} NOT NULL,
    -- The id of the purchase or return.
    id {uuid} NOT NULL,
    kind text NOT NULL,
    org_unit_id {uuid} NOT NULL,
    channel text NOT NULL,
    purchase_id {uuid} NOT NULL,
    currency text NOT NULL,
    -- Paid by the customer; negative when given back.
    amount_minor bigint NOT NULL,
    PRIMARY KEY (customer_id, occurred_at, id)
);

-- The sums over a customer's purchases in one currency, kept by each command.
CREATE TABLE turnover (
    customer_id {uuid} NOT NULL,
    currency text NOT NULL,
    purchases integer NOT NULL,
    total_minor bigint NOT NULL,
    returned_minor bigint NOT NULL,
    PRIMARY KEY (customer_id, currency),
    CONSTRAINT turnover_returned CHECK (returned_minor BETWEEN 0 AND total_minor)
);
