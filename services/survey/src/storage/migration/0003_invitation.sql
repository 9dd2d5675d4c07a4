-- Where an answer comes from, and whether it must be followed up; null in what was recorded before.
ALTER TABLE answer ADD COLUMN phase text;
ALTER TABLE answer ADD COLUMN low boolean;
ALTER TABLE answer ADD COLUMN case_id {uuid};
ALTER TABLE answer ADD COLUMN invitation_id {uuid};
ALTER TABLE answer ADD COLUMN wave_id {uuid};
ALTER TABLE questionnaire_answer ADD COLUMN case_id {uuid};
ALTER TABLE questionnaire_answer ADD COLUMN invitation_id {uuid};
ALTER TABLE questionnaire_answer ADD COLUMN wave_id {uuid};
-- Results of a wave.
CREATE INDEX answer_wave ON answer (wave_id, instrument) WHERE wave_id IS NOT NULL;
CREATE INDEX questionnaire_answer_wave ON questionnaire_answer (wave_id) WHERE wave_id IS NOT NULL;

CREATE TABLE invitation_rule (
    code text {c} NOT NULL,
    -- Of the terms, what is looked up by.
    cause text NOT NULL,
    active boolean NOT NULL,
    terms {json} NOT NULL,
    changed_at {time} NOT NULL,
    CONSTRAINT invitation_rule_key PRIMARY KEY (code)
);
CREATE INDEX invitation_rule_cause ON invitation_rule (cause, code) WHERE active;

-- What may lead to an invitation when its time has come. A row follows from one event and one rule alone, so
-- events may arrive in any order; which of several wins is decided when it is due.
CREATE TABLE invitation_occasion (
    customer_id {uuid} NOT NULL,
    -- The id of the invitation that comes of it.
    id {uuid} NOT NULL,
    cause text NOT NULL,
    -- Null when a low score is asked about again.
    rule text {c},
    case_id {uuid},
    purchase_id {uuid},
    org_unit_id {uuid},
    -- The answer with the low score that is asked about again.
    first_answer_id {uuid},
    occurred_at {time} NOT NULL,
    due_at {time} NOT NULL,
    -- What came of it: invited, cooling-off, out-of-date, no-rule, asked-already. Null while it waits.
    outcome text,
    CONSTRAINT invitation_occasion_key PRIMARY KEY (customer_id, id)
);
CREATE INDEX invitation_occasion_due ON invitation_occasion (due_at, id) WHERE outcome IS NULL;

CREATE TABLE invitation (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    state text NOT NULL,
    cause text NOT NULL,
    rule text {c},
    instrument text,
    questionnaire text {c},
    version integer,
    owed boolean NOT NULL,
    case_id {uuid},
    purchase_id {uuid},
    wave_id {uuid},
    org_unit_id {uuid},
    phase text,
    first_answer_id {uuid},
    low_at_most integer,
    language text,
    -- A list of channels.
    channels {json} NOT NULL,
    held_because text,
    -- When what it asks about happened.
    occurred_at {time} NOT NULL,
    proposed_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    sent_at {time},
    reminder_after_days integer,
    reminders_most integer NOT NULL,
    reminders integer NOT NULL,
    -- When the next reminder is due; null when there is none.
    remind_at {time},
    -- SHA-256 of the one-time token, in hexadecimal; the token itself is nowhere.
    token_hash text {c},
    -- What was filled in and not sent off yet, in the customer's own words: gone with the answer or the end.
    draft {json},
    answer_id {uuid},
    settled_at {time},
    CONSTRAINT invitation_key PRIMARY KEY (customer_id, id)
);
CREATE INDEX invitation_latest ON invitation (customer_id, proposed_at, id);
CREATE INDEX invitation_wave ON invitation (wave_id, state) WHERE wave_id IS NOT NULL;
CREATE INDEX invitation_expiry ON invitation (expires_at) WHERE settled_at IS NULL;
CREATE INDEX invitation_reminder ON invitation (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX invitation_recovery ON invitation (proposed_at) WHERE first_answer_id IS NOT NULL;

-- Each proposal to reach the customer: the first one, and one for each reminder.
CREATE TABLE invitation_outreach (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    invitation_id {uuid} NOT NULL,
    -- 0 for the invitation itself, 1 or 2 for its reminders.
    reminder integer NOT NULL,
    state text NOT NULL,
    channel text,
    not_before {time},
    sent_at {time},
    CONSTRAINT invitation_outreach_key PRIMARY KEY (customer_id, id)
);
CREATE INDEX invitation_outreach_of ON invitation_outreach (customer_id, invitation_id, reminder);
CREATE INDEX invitation_outreach_to_send ON invitation_outreach (not_before, id)
    WHERE state = 'granted' AND sent_at IS NULL;

CREATE TABLE wave (
    id {uuid} NOT NULL,
    code text {c} NOT NULL,
    state text NOT NULL,
    rule text {c} NOT NULL,
    instrument text,
    -- The rule's terms, as they were when the wave was planned.
    terms {json} NOT NULL,
    org_unit_id {uuid} NOT NULL,
    from_at {time} NOT NULL,
    until_at {time} NOT NULL,
    sample_size bigint,
    target_answers bigint,
    -- The share of customers that is asked, in millionths; known when it is opened.
    share bigint,
    -- How far it is: the last customer looked at, and what came of them.
    last_customer_id {uuid},
    considered bigint NOT NULL,
    sampled bigint NOT NULL,
    cooling_off bigint NOT NULL,
    complete boolean NOT NULL,
    created_at {time} NOT NULL,
    opened_at {time},
    closed_at {time},
    CONSTRAINT wave_key PRIMARY KEY (id),
    CONSTRAINT wave_code_key UNIQUE (code)
);
CREATE INDEX wave_open ON wave (state, until_at);
CREATE INDEX wave_closed ON wave (instrument, closed_at);
