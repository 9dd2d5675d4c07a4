-- A relationship has a row in each of its two customers' files, so that a key begins with the customer.
CREATE TABLE relationship (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    other_customer_id {uuid} NOT NULL,
    -- On which end the customer of this row is: from, to.
    direction text NOT NULL,
    kind text NOT NULL,
    valid_from date NOT NULL,
    -- The last day.
    valid_until date,
    -- The day on which it begins or is over, while that is still to come: the file shows it otherwise from then on.
    next_turn date,
    CONSTRAINT relationship_key PRIMARY KEY (customer_id, id)
);
CREATE INDEX relationship_turn ON relationship (next_turn);
CREATE INDEX relationship_other ON relationship (customer_id, other_customer_id);

CREATE TABLE attribute (
    id {uuid} NOT NULL,
    code text {c} NOT NULL,
    name text NOT NULL,
    value_type text NOT NULL,
    unit text,
    class text NOT NULL,
    segmentable boolean NOT NULL,
    CONSTRAINT attribute_key PRIMARY KEY (id)
);
CREATE UNIQUE INDEX attribute_code_key ON attribute (code);

-- Never changed: what was known on a day can be read again. An id is drawn when it is recorded, so among
-- observations of one time the greatest id was recorded last.
CREATE TABLE observation (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    attribute_id {uuid} NOT NULL,
    -- Integers, thousandths, and 0 or 1.
    value_number bigint,
    -- Dates, codes and texts.
    value_text text,
    source text NOT NULL,
    observed_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    CONSTRAINT observation_key PRIMARY KEY (customer_id, id)
);
CREATE INDEX observation_latest ON observation (customer_id, attribute_id, observed_at, id);
CREATE INDEX observation_history ON observation (customer_id, observed_at, id);

-- How much it matters to know an item: a built-in one or an attribute's code.
CREATE TABLE profile_weight (
    item text {c} NOT NULL,
    weight integer NOT NULL,
    CONSTRAINT profile_weight_key PRIMARY KEY (item)
);
INSERT INTO profile_weight (item, weight) VALUES
    ('name', 3), ('phone', 2), ('birth_date', 1), ('email', 1), ('language', 1);

-- What stands at a customer's and we fill. What it holds follows from its measures.
CREATE TABLE container (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    sku text NOT NULL,
    shape text NOT NULL,
    width_mm integer NOT NULL,
    -- Of a box.
    depth_mm integer,
    height_mm integer NOT NULL,
    density_milli integer NOT NULL,
    CONSTRAINT container_key PRIMARY KEY (customer_id, id)
);
