-- What this service itself wants said and was granted: a connector fetches it and notes that it is sent.
CREATE TABLE outreach_notice (
    customer_id {uuid} NOT NULL,
    outreach_id {uuid} NOT NULL,
    reason text NOT NULL,
    channel text NOT NULL,
    not_before {time} NOT NULL,
    expires_at {time} NOT NULL,
    -- How many points it is about; null when that is not known.
    points bigint,
    -- Null as long as it waits.
    sent_at {time},
    CONSTRAINT outreach_notice_key PRIMARY KEY (customer_id, outreach_id)
);
CREATE INDEX outreach_notice_waiting ON outreach_notice (not_before, outreach_id) WHERE sent_at IS NULL;
-- What was granted before there was a list.
INSERT INTO outreach_notice (customer_id, outreach_id, reason, channel, not_before, expires_at)
    SELECT customer_id, id, reason, channel, not_before, expires_at FROM outreach
    WHERE reason = 'points-expiring' AND held_because IS NULL;
