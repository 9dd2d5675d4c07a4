CREATE TABLE customer_ref (
    customer_id {uuid} NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    status text NOT NULL,
    home_unit_id {uuid} NOT NULL,
    revision bigint NOT NULL
);
