-- Who may send tracked messages. Of a write key only its SHA-256 is kept.
CREATE TABLE ingestion_source (
    id {uuid} NOT NULL PRIMARY KEY,
    code text {c} NOT NULL CONSTRAINT ingestion_source_code_key UNIQUE,
    name text NOT NULL,
    org_unit_id {uuid} NOT NULL,
    namespace text NOT NULL,
    channel text NOT NULL,
    currency text,
    mappings {json} NOT NULL,
    active boolean NOT NULL,
    write_key_hash text NOT NULL CONSTRAINT ingestion_source_write_key_key UNIQUE,
    write_key_hint text NOT NULL,
    created_at {time} NOT NULL
);

-- Messages in the order in which they came. The id follows from source and messageId, so that one that
-- comes again is known. What a message says is deleted as soon as it has had its effect; who it is about is
-- only in there. Due times are milliseconds of the database's own clock, as a lease's.
CREATE TABLE ingestion_message (
    position {serial},
    id {uuid} NOT NULL CONSTRAINT ingestion_message_id_key UNIQUE,
    source_id {uuid} NOT NULL,
    call text NOT NULL,
    state text NOT NULL,
    received_at {time} NOT NULL,
    said {json},
    -- What stands for the user or anonymous id that nobody is known by yet.
    waiting_for {uuid},
    due_ms bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    reason text
);
CREATE INDEX ingestion_message_pending ON ingestion_message (position) WHERE state = 'pending';
CREATE INDEX ingestion_message_waiting ON ingestion_message (waiting_for) WHERE state = 'waiting';
CREATE INDEX ingestion_message_recheck ON ingestion_message (due_ms) WHERE state = 'waiting';
CREATE INDEX ingestion_message_refused ON ingestion_message (source_id, position) WHERE state = 'refused';
CREATE INDEX ingestion_message_received ON ingestion_message (received_at);

-- Who somebody is whose device, or former id, is known; the key does not tell the id.
CREATE TABLE ingestion_link (
    key {uuid} NOT NULL PRIMARY KEY,
    customer_id {uuid} NOT NULL,
    linked_at {time} NOT NULL
);
CREATE INDEX ingestion_link_customer ON ingestion_link (customer_id);
CREATE INDEX ingestion_link_linked ON ingestion_link (linked_at);

-- How many messages of one sort had one outcome. An empty event is none.
CREATE TABLE ingestion_count (
    source_id {uuid} NOT NULL,
    call text NOT NULL,
    event text NOT NULL,
    state text NOT NULL,
    count bigint NOT NULL,
    last_at {time} NOT NULL,
    PRIMARY KEY (source_id, call, event, state)
);
