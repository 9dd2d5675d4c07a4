-- What the outlet register says of a unit. Like its name, it lives here only.
ALTER TABLE org_unit ADD COLUMN address {json};
ALTER TABLE org_unit ADD COLUMN opening_spans {json};
ALTER TABLE org_unit ADD COLUMN time_zone text;
ALTER TABLE org_unit ADD COLUMN latitude_micro integer;
ALTER TABLE org_unit ADD COLUMN longitude_micro integer;
-- Codes in order, each between slashes: /delivery/repair/. Codes hold neither a slash nor what LIKE knows.
ALTER TABLE org_unit ADD COLUMN services text NOT NULL DEFAULT '/';
CREATE INDEX org_unit_latitude ON org_unit (latitude_micro);

ALTER TABLE staff ADD COLUMN successor_id {uuid};
ALTER TABLE staff ADD COLUMN left_at {time};

ALTER TABLE customer ADD COLUMN market_type text;
-- What the stage is made of: facts, counted once each in whatever order they come.
ALTER TABLE customer ADD COLUMN purchases bigint NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN presales_contacts bigint NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN last_purchase_at {time};
-- The stage by these facts alone: lead, prospect, first_buyer, repeat_buyer. Lapsed is read from the time.
ALTER TABLE customer ADD COLUMN stage text NOT NULL DEFAULT 'lead';
CREATE INDEX customer_stage ON customer (stage, name_key, id);
CREATE INDEX customer_market_type ON customer (market_type, name_key, id);
CREATE INDEX customer_kind ON customer (kind, name_key, id);

CREATE TABLE external_id (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    system text {c} NOT NULL,
    value text {c} NOT NULL,
    CONSTRAINT external_id_key PRIMARY KEY (customer_id, id)
);
CREATE UNIQUE INDEX external_id_value_key ON external_id (system, value);

CREATE TABLE household (
    id {uuid} NOT NULL,
    created_at {time} NOT NULL,
    CONSTRAINT household_key PRIMARY KEY (id)
);
-- A customer is in one household at most.
CREATE TABLE household_member (
    customer_id {uuid} NOT NULL,
    household_id {uuid} NOT NULL,
    CONSTRAINT household_member_key PRIMARY KEY (customer_id)
);
CREATE INDEX household_member_household ON household_member (household_id, customer_id);

ALTER TABLE attribute ADD COLUMN retired_at {time};
-- An observation that was taken back counts on no day; who and why stay with it.
ALTER TABLE observation ADD COLUMN taken_back_at {time};
ALTER TABLE observation ADD COLUMN taken_back_by text;
ALTER TABLE observation ADD COLUMN taken_back_reason text;
