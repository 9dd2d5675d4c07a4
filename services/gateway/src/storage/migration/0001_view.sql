-- One row per customer: who sees them, and each section as its owner serves it. A row in which only
-- sections have arrived has reference_revision 0 and is nobody's to see.
CREATE TABLE customer_view (
    customer_id {uuid} NOT NULL PRIMARY KEY,
    kind text,
    status text,
    home_unit_id {uuid},
    reference_revision bigint NOT NULL DEFAULT 0,
    file {json},
    file_revision bigint,
    file_as_of {time},
    dealings {json},
    dealings_revision bigint,
    dealings_as_of {time},
    loyalty {json},
    loyalty_revision bigint,
    loyalty_as_of {time},
    voice {json},
    voice_revision bigint,
    voice_as_of {time}
);

-- The contact points of each file in their normal form: the lookup while the phone still rings.
CREATE TABLE customer_view_contact (
    customer_id {uuid} NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (customer_id, kind, value)
);
CREATE INDEX customer_view_contact_lookup ON customer_view_contact (kind, value, customer_id);

-- The sections to fetch again: the queue of the refreshers of all replicas. Like a lease's, its times
-- are milliseconds of the database's own clock.
CREATE TABLE view_stale (
    customer_id {uuid} NOT NULL,
    section text NOT NULL,
    wanted_revision bigint NOT NULL,
    since_ms bigint NOT NULL,
    due_ms bigint NOT NULL,
    claimed_until_ms bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    PRIMARY KEY (customer_id, section)
);
CREATE INDEX view_stale_due ON view_stale (section, due_ms);
