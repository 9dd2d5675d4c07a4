-- One for each customer known here. Balance and qualifying points are sums over the ledger, kept in the
-- transaction that enters.
CREATE TABLE points_account (
    customer_id {uuid} NOT NULL PRIMARY KEY,
    balance bigint NOT NULL,
    qualifying bigint NOT NULL,
    tier text NOT NULL,
    opened_at {time} NOT NULL
);

-- What a return needs to know of its purchase: its total, and the rate at which it earned.
CREATE TABLE purchase_ref (
    customer_id {uuid} NOT NULL,
    purchase_id {uuid} NOT NULL,
    total_minor bigint NOT NULL,
    rate_millionths bigint NOT NULL,
    PRIMARY KEY (customer_id, purchase_id)
);

-- The ledger: an entry says why points moved, its postings which account they left and which they reached.
CREATE TABLE points_entry (
    customer_id {uuid} NOT NULL,
    -- Derived from the event that caused it.
    id {uuid} NOT NULL,
    kind text NOT NULL,
    purchase_id {uuid} NOT NULL,
    -- As the member sees it: positive when earned, negative when reversed.
    points bigint NOT NULL,
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX points_entry_latest ON points_entry (customer_id, occurred_at, id);

-- The postings of one entry sum to zero.
CREATE TABLE points_posting (
    customer_id {uuid} NOT NULL,
    entry_id {uuid} NOT NULL,
    account text NOT NULL,
    points bigint NOT NULL,
    PRIMARY KEY (customer_id, entry_id, account)
);
