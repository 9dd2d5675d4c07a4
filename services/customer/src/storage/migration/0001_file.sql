-- The organisation's names live here only; the other services keep codes.
ALTER TABLE org_unit ADD COLUMN name text NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN name text NOT NULL DEFAULT '';

CREATE TABLE customer (
    id {uuid} NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    status text NOT NULL,
    name text NOT NULL,
    -- The name as it is searched: in lower case, compared by its bytes.
    name_key text {c} NOT NULL,
    birth_date date,
    language text,
    home_unit_id {uuid} NOT NULL,
    registered_at {time} NOT NULL,
    changed_at {time} NOT NULL
);
CREATE INDEX customer_name ON customer (name_key, id);
CREATE INDEX customer_home_unit ON customer (home_unit_id, name_key, id);

CREATE TABLE contact_point (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE UNIQUE INDEX contact_point_value_key ON contact_point (customer_id, kind, value);
-- The lookup while the phone still rings.
CREATE INDEX contact_point_lookup ON contact_point (kind, value, customer_id);
