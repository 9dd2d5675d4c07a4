-- Points held to be spent: open → confirmed, cancelled or expired.
CREATE TABLE points_hold (
    customer_id {uuid} NOT NULL,
    -- The ledger entry that it becomes has the same id.
    id {uuid} NOT NULL,
    points bigint NOT NULL,
    reason text NOT NULL,
    state text NOT NULL,
    placed_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    -- When it was confirmed or cancelled, or when it expired.
    settled_at {time},
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX points_hold_latest ON points_hold (customer_id, placed_at, id);
-- What is open, by customer and for the job that releases what expired.
CREATE INDEX points_hold_open ON points_hold (customer_id, expires_at) WHERE state = 'open';
CREATE INDEX points_hold_expiring ON points_hold (expires_at) WHERE state = 'open';

-- An entry need not come of a purchase; one that does not says what for. SQLite cannot make a column
-- nullable, so the table is made anew.
CREATE TABLE points_entry_wider (
    customer_id {uuid} NOT NULL,
    -- Derived from the event that caused it, or the id of the hold that was confirmed.
    id {uuid} NOT NULL,
    kind text NOT NULL,
    purchase_id {uuid},
    reason text,
    -- As the member sees it: positive when earned or given, negative when reversed or burned.
    points bigint NOT NULL,
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    PRIMARY KEY (customer_id, id)
);
INSERT INTO points_entry_wider (customer_id, id, kind, purchase_id, points, occurred_at, recorded_at)
    SELECT customer_id, id, kind, purchase_id, points, occurred_at, recorded_at FROM points_entry;
DROP TABLE points_entry;
ALTER TABLE points_entry_wider RENAME TO points_entry;
CREATE INDEX points_entry_latest ON points_entry (customer_id, occurred_at, id);

-- What customers paid and got back, for scores and counts. Written once for each purchase and return, in
-- whatever order they come; everything else is calculated when it is asked for. Begins with what arrives
-- after this migration: the ledger kept no currency of earlier purchases.
CREATE TABLE dealing (
    customer_id {uuid} NOT NULL,
    -- The purchase or the return.
    id {uuid} NOT NULL,
    -- 1 for a purchase, 0 for a return.
    purchases bigint NOT NULL,
    -- Days since 1970 and months since the year 0 (UTC), so that both databases count alike.
    day bigint NOT NULL,
    month bigint NOT NULL,
    currency text NOT NULL,
    -- Negative when given back.
    amount_minor bigint NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX dealing_by_currency ON dealing (currency, day);
