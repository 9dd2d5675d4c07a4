-- Whether it was told that the customer lapsed, since the last purchase. Of those who lapsed before there was
-- this column, it is told once more.
ALTER TABLE customer ADD COLUMN lapse_told boolean NOT NULL DEFAULT false;
CREATE INDEX customer_lapsing ON customer (last_purchase_at, id) WHERE NOT lapse_told;
