CREATE TABLE org_unit (
    id {uuid} NOT NULL PRIMARY KEY,
    code text NOT NULL CONSTRAINT org_unit_code_key UNIQUE,
    kind text NOT NULL,
    parent_id {uuid},
    status text NOT NULL,
    -- Codes from the root, each ended by a slash: /hq/north/shop-7/. Null while an ancestor is unknown.
    path text {c},
    revision bigint NOT NULL
);
CREATE INDEX org_unit_parent ON org_unit (parent_id);
CREATE INDEX org_unit_path ON org_unit (path);

CREATE TABLE staff (
    id {uuid} NOT NULL PRIMARY KEY,
    code text NOT NULL CONSTRAINT staff_code_key UNIQUE,
    org_unit_id {uuid} NOT NULL,
    status text NOT NULL,
    revision bigint NOT NULL
);

-- The home unit and the serving units of each customer: whoever sees one of them sees the customer.
CREATE TABLE customer_unit (
    customer_id {uuid} NOT NULL,
    org_unit_id {uuid} NOT NULL,
    PRIMARY KEY (customer_id, org_unit_id)
);
