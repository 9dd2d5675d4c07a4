-- Never changed: who allowed what, when, and how we know. The latest word by the time when it was given counts.
-- An id is drawn when it is recorded, so among words of one time the greatest id was recorded last.
CREATE TABLE consent (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    purpose text {c} NOT NULL,
    channel text {c} NOT NULL,
    status text NOT NULL,
    given_at {time} NOT NULL,
    -- Of a grant with an end.
    expires_at {time},
    source text NOT NULL,
    -- When it was not the customer.
    said_by text,
    recorded_by text,
    recorded_at {time} NOT NULL,
    CONSTRAINT consent_key PRIMARY KEY (customer_id, id)
);
CREATE INDEX consent_latest ON consent (customer_id, purpose, channel, given_at, id);
CREATE INDEX consent_history ON consent (customer_id, given_at, id);

-- What a customer asked for. Short lists that are read and written whole.
CREATE TABLE contact_preference (
    customer_id {uuid} NOT NULL,
    stated_channels {json} NOT NULL,
    quiet_spans {json} NOT NULL,
    time_zone text,
    CONSTRAINT contact_preference_key PRIMARY KEY (customer_id)
);

-- What a customer does: outbound contacts of which it is known whether they answered.
CREATE TABLE channel_usage (
    customer_id {uuid} NOT NULL,
    channel text {c} NOT NULL,
    attempts integer NOT NULL,
    answers integer NOT NULL,
    CONSTRAINT channel_usage_key PRIMARY KEY (customer_id, channel)
);

-- What to know before the first word; people's own texts, gone with an erasure.
CREATE TABLE service_brief (
    customer_id {uuid} NOT NULL,
    form_of_address text,
    habits {json} NOT NULL,
    dos {json} NOT NULL,
    donts {json} NOT NULL,
    CONSTRAINT service_brief_key PRIMARY KEY (customer_id)
);
