-- Keys and indexes of the plain database, once it is filled. PostGraphile finds the relations by the foreign keys.
-- VACUUM (ANALYZE) belongs after it; it stands alone because it cannot run in a transaction.

ALTER TABLE customer ADD PRIMARY KEY (id);
ALTER TABLE contact_point ADD PRIMARY KEY (customer_id, id);
ALTER TABLE contact ADD PRIMARY KEY (customer_id, id);
ALTER TABLE purchase ADD PRIMARY KEY (customer_id, id);
ALTER TABLE account ADD PRIMARY KEY (customer_id);
ALTER TABLE answer ADD PRIMARY KEY (customer_id, id);
ALTER TABLE wide ADD PRIMARY KEY (customer_id);

CREATE INDEX contact_latest ON contact (customer_id, occurred_at DESC, id DESC);
CREATE INDEX purchase_latest ON purchase (customer_id, occurred_at DESC, id DESC);
CREATE INDEX answer_latest ON answer (customer_id, occurred_at DESC, id DESC);

ALTER TABLE contact_point ADD FOREIGN KEY (customer_id) REFERENCES customer (id);
ALTER TABLE contact ADD FOREIGN KEY (customer_id) REFERENCES customer (id);
ALTER TABLE purchase ADD FOREIGN KEY (customer_id) REFERENCES customer (id);
ALTER TABLE account ADD FOREIGN KEY (customer_id) REFERENCES customer (id);
ALTER TABLE answer ADD FOREIGN KEY (customer_id) REFERENCES customer (id);
ALTER TABLE wide ADD FOREIGN KEY (customer_id) REFERENCES customer (id);
