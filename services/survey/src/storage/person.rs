//! What this service keeps of one customer, table by table: for whoever answers a request for access. What a
//! column means stands in its migration, its class in `schema::api`.

use reference::person::{AUDIT, Held, REFERENCE, Table, UNITS, flag, id, integer, json, text, time};

const ANSWER: Table = Table::new(
    "answer",
    &["id"],
    &[
        id("id"),
        text("instrument"),
        integer("score").value(),
        flag("low").value(),
        text("verbatim").sensitive(),
        text("phase"),
        text("channel"),
        id("org_unit_id"),
        id("purchase_id"),
        id("case_id"),
        id("invitation_id"),
        id("wave_id"),
        time("occurred_at"),
        time("recorded_at"),
    ],
);

const QUESTIONNAIRE_ANSWER: Table = Table::new(
    "questionnaire_answer",
    &["id"],
    &[
        id("id"),
        text("code"),
        integer("version"),
        integer("asked"),
        integer("answered"),
        text("verbatim").sensitive(),
        text("phase"),
        text("channel"),
        id("org_unit_id"),
        id("purchase_id"),
        id("case_id"),
        id("invitation_id"),
        id("wave_id"),
        time("occurred_at"),
        time("recorded_at"),
    ],
);

const QUESTIONNAIRE_ANSWER_ITEM: Table = Table::new(
    "questionnaire_answer_item",
    &["answer_id", "item"],
    &[id("answer_id"), text("item"), integer("perception").value(), integer("expectation").value()],
);

const OCCASION: Table = Table::new(
    "invitation_occasion",
    &["id"],
    &[
        id("id"),
        text("cause"),
        text("rule"),
        id("case_id"),
        id("purchase_id"),
        id("org_unit_id"),
        id("first_answer_id"),
        time("occurred_at"),
        time("due_at"),
        text("outcome"),
    ],
);

const INVITATION: Table = Table::new(
    "invitation",
    &["id"],
    &[
        id("id"),
        text("state"),
        text("cause"),
        text("rule"),
        text("instrument"),
        text("questionnaire"),
        integer("version"),
        flag("owed"),
        id("case_id"),
        id("purchase_id"),
        id("wave_id"),
        id("org_unit_id"),
        text("phase"),
        id("first_answer_id"),
        integer("low_at_most"),
        text("language"),
        json("channels"),
        text("held_because"),
        time("occurred_at"),
        time("proposed_at"),
        time("expires_at"),
        time("sent_at"),
        integer("reminder_after_days"),
        integer("reminders_most"),
        integer("reminders"),
        time("remind_at"),
        json("draft").sensitive(),
        id("answer_id"),
        time("settled_at"),
    ],
)
.without(&[("token_hash", "opens the answer page in the customer's name")]);

const INVITATION_OUTREACH: Table = Table::new(
    "invitation_outreach",
    &["id"],
    &[
        id("id"),
        id("invitation_id"),
        integer("reminder"),
        text("state"),
        text("channel"),
        time("not_before"),
        time("sent_at"),
    ],
);

/// Everything that this service keeps of one customer.
pub static PERSONAL_DATA: Held = Held {
    tables: &[
        REFERENCE,
        UNITS,
        ANSWER,
        QUESTIONNAIRE_ANSWER,
        QUESTIONNAIRE_ANSWER_ITEM,
        OCCASION,
        INVITATION,
        INVITATION_OUTREACH,
        AUDIT,
    ],
    left_out: &[
        ("questionnaire", "what anybody is asked"),
        ("questionnaire_item", "what anybody is asked"),
        ("invitation_rule", "when anybody is asked"),
        ("wave", "names the last customer who was looked at, to go on from there"),
    ],
    also: None,
};
