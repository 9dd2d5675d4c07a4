-- The versions of the programme after the built-in one. Never changed.
CREATE TABLE programme_version (
    number bigint NOT NULL PRIMARY KEY,
    valid_from {time} NOT NULL CONSTRAINT programme_version_valid_from_key UNIQUE,
    terms {json} NOT NULL,
    -- The units that each rule about a unit means: those below it when the version was created.
    units {json} NOT NULL,
    created_at {time} NOT NULL
);

-- What the ledger follows from: a purchase and what it earns before the tier, or a return of some of it.
-- Written once, in whatever order they come. Entries made before this migration stand for themselves.
CREATE TABLE points_fact (
    customer_id {uuid} NOT NULL,
    -- The purchase or the return.
    id {uuid} NOT NULL,
    purchase_id {uuid} NOT NULL,
    -- The entry that it makes.
    entry_id {uuid} NOT NULL,
    -- 1 for a return, 0 for a purchase.
    returned bigint NOT NULL,
    occurred_at {time} NOT NULL,
    -- The version of the programme by which the purchase earns, and of it the rate.
    version bigint NOT NULL,
    rate_millionths bigint NOT NULL,
    -- The codes of the bonus rules that count.
    rules {json} NOT NULL,
    -- The purchase's total, and what it earns, in millionths of a point.
    total_minor bigint NOT NULL,
    earns_millionths bigint NOT NULL,
    -- Of a return: what earlier returns gave back, and what this one does.
    before_minor bigint NOT NULL,
    amount_minor bigint NOT NULL,
    PRIMARY KEY (customer_id, id)
);

-- Points that came together and expire together. Follows from entries, facts and holds; what is kept here is
-- what it comes to.
CREATE TABLE points_lot (
    customer_id {uuid} NOT NULL,
    -- The same as the entry's that opened it.
    id {uuid} NOT NULL,
    purchase_id {uuid},
    opened_at {time} NOT NULL,
    expires_at {time},
    notice_at {time},
    -- 1 when the notice was told, or its time had passed.
    noticed bigint NOT NULL,
    points bigint NOT NULL,
    used bigint NOT NULL,
    reversed bigint NOT NULL,
    expired bigint NOT NULL,
    held bigint NOT NULL,
    -- The points less all of these but the held.
    remaining bigint NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX points_lot_latest ON points_lot (customer_id, opened_at, id);

-- How the tier came to be, in business time. Follows from the facts like the lots.
CREATE TABLE tier_step (
    customer_id {uuid} NOT NULL,
    number bigint NOT NULL,
    from_tier text NOT NULL,
    to_tier text NOT NULL,
    changed_at {time} NOT NULL,
    cause text NOT NULL,
    qualifying bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (customer_id, number)
);

-- Why points moved, and the lot that expired.
ALTER TABLE points_entry ADD COLUMN why {json};
ALTER TABLE points_entry ADD COLUMN lot_id {uuid};

-- When time alone changes something next: a lot expires or its notice is due, or the tier is reviewed.
ALTER TABLE points_account ADD COLUMN due_at {time};
ALTER TABLE points_account ADD COLUMN next_threshold bigint;
ALTER TABLE points_account ADD COLUMN tier_review_at {time};
ALTER TABLE points_account ADD COLUMN next_expiry_at {time};
ALTER TABLE points_account ADD COLUMN next_expiry_points bigint;
CREATE INDEX points_account_due ON points_account (due_at) WHERE due_at IS NOT NULL;
-- Every account is looked at once: its lots follow from the entries that it has.
UPDATE points_account SET due_at = opened_at;

-- What a customer uses up.
CREATE TABLE supply (
    customer_id {uuid} NOT NULL,
    sku text {c} NOT NULL,
    persons bigint,
    person_day_milli bigint,
    lead_days bigint NOT NULL,
    buffer_days bigint NOT NULL,
    fill_at {time},
    fill_milli bigint,
    -- When it is to be told that a delivery is due; null when there is nothing to tell.
    due_at {time},
    PRIMARY KEY (customer_id, sku)
);
CREATE INDEX supply_due ON supply (due_at) WHERE due_at IS NOT NULL;

-- What was delivered, or came back (negative), of each article. Begins with what arrives after this migration.
CREATE TABLE supply_delivery (
    customer_id {uuid} NOT NULL,
    sku text {c} NOT NULL,
    -- The purchase or the return.
    id {uuid} NOT NULL,
    purchase_id {uuid} NOT NULL,
    occurred_at {time} NOT NULL,
    quantity_milli bigint NOT NULL,
    PRIMARY KEY (customer_id, sku, id)
);
CREATE INDEX supply_delivery_latest ON supply_delivery (customer_id, sku, occurred_at);

-- The days (since 1970) on which something runs out that was told already.
CREATE TABLE supply_told (
    customer_id {uuid} NOT NULL,
    sku text {c} NOT NULL,
    day bigint NOT NULL,
    PRIMARY KEY (customer_id, sku, day)
);
