-- The latest score of each instrument of a customer.
CREATE INDEX answer_instrument ON answer (customer_id, instrument, occurred_at, id);
-- Results of an instrument over a period.
CREATE INDEX answer_period ON answer (instrument, occurred_at);

CREATE TABLE questionnaire (
    code text {c} NOT NULL,
    version integer NOT NULL,
    -- A list of language and text.
    titles {json} NOT NULL,
    created_at {time} NOT NULL,
    CONSTRAINT questionnaire_key PRIMARY KEY (code, version)
);

CREATE TABLE questionnaire_item (
    code text {c} NOT NULL,
    version integer NOT NULL,
    item text {c} NOT NULL,
    position integer NOT NULL,
    -- A list of language and text.
    texts {json} NOT NULL,
    lo integer NOT NULL,
    hi integer NOT NULL,
    with_expectation boolean NOT NULL,
    weight integer,
    CONSTRAINT questionnaire_item_key PRIMARY KEY (code, version, item)
);

CREATE TABLE questionnaire_answer (
    customer_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    code text {c} NOT NULL,
    version integer NOT NULL,
    asked integer NOT NULL,
    answered integer NOT NULL,
    -- In the customer's own words: never told to others, and gone with an erasure.
    verbatim text,
    org_unit_id {uuid},
    purchase_id {uuid},
    phase text,
    channel text NOT NULL,
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    CONSTRAINT questionnaire_answer_key PRIMARY KEY (customer_id, id)
);
CREATE INDEX questionnaire_answer_latest ON questionnaire_answer (customer_id, occurred_at, id);
CREATE INDEX questionnaire_answer_period ON questionnaire_answer (code, version, occurred_at);

-- One row for each item that was answered; an item left out has none, so that nothing is read as zero.
CREATE TABLE questionnaire_answer_item (
    customer_id {uuid} NOT NULL,
    answer_id {uuid} NOT NULL,
    item text {c} NOT NULL,
    perception integer NOT NULL,
    -- Null when the customer did not say.
    expectation integer,
    CONSTRAINT questionnaire_answer_item_key PRIMARY KEY (customer_id, answer_id, item)
);
