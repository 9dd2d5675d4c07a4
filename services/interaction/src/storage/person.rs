//! What this service keeps of one customer, table by table: for whoever answers a request for access. What a
//! column means stands in its migration, its class in `schema::api`.

mod conversation;
mod reaching;

use reference::person::{AUDIT, Held, REFERENCE, Table, UNITS, id, integer, long, text, time};

const PURCHASE: Table = Table::new(
    "purchase",
    &["id"],
    &[
        id("id"),
        id("org_unit_id"),
        id("staff_id"),
        text("channel"),
        time("occurred_at"),
        time("recorded_at"),
        text("currency"),
        long("total_minor"),
        long("returned_minor"),
    ],
);

const PURCHASE_LINE: Table = Table::new(
    "purchase_line",
    &["purchase_id", "line_no"],
    &[
        id("purchase_id"),
        integer("line_no"),
        text("sku"),
        long("quantity_milli"),
        long("amount_minor"),
        long("returned_quantity_milli"),
        long("returned_amount_minor"),
    ],
);

const PURCHASE_RETURN: Table = Table::new(
    "purchase_return",
    &["id"],
    &[
        id("id"),
        id("purchase_id"),
        time("occurred_at"),
        time("recorded_at"),
        text("reason"),
        long("total_minor"),
    ],
);

const PURCHASE_RETURN_LINE: Table = Table::new(
    "purchase_return_line",
    &["return_id", "line_no"],
    &[id("return_id"), integer("line_no"), long("quantity_milli"), long("amount_minor")],
);

const TURNOVER: Table = Table::new(
    "turnover",
    &["currency"],
    &[text("currency"), integer("purchases"), long("total_minor"), long("returned_minor")],
);

const TIMELINE_ENTRY: Table = Table::new(
    "timeline_entry",
    &["occurred_at", "id"],
    &[
        time("occurred_at"),
        id("id"),
        text("kind"),
        id("org_unit_id"),
        id("staff_id"),
        text("channel"),
        id("purchase_id"),
        text("currency"),
        long("amount_minor"),
    ],
);

const TIMELINE_STEP: Table = Table::new(
    "timeline_step",
    &["occurred_at", "id"],
    &[
        time("occurred_at"),
        id("id"),
        text("kind"),
        id("org_unit_id"),
        id("staff_id"),
        text("channel"),
        id("contact_id"),
        id("case_id"),
        id("task_id"),
        id("gesture_id"),
        id("purchase_id"),
        id("outreach_id"),
        id("invitation_id"),
        id("answer_id"),
        text("currency"),
        long("amount_minor"),
    ],
);

/// Everything that this service keeps of one customer.
pub static PERSONAL_DATA: Held = Held {
    tables: &[
        REFERENCE,
        UNITS,
        PURCHASE,
        PURCHASE_LINE,
        PURCHASE_RETURN,
        PURCHASE_RETURN_LINE,
        TURNOVER,
        conversation::CONTACT,
        conversation::CONTACT_COUNT,
        conversation::CASE,
        conversation::HAND_OVER,
        conversation::TASK,
        conversation::BREACH,
        reaching::GESTURE,
        reaching::GESTURE_ENTRY,
        reaching::OUTREACH,
        reaching::OUTREACH_NOTICE,
        reaching::CONSENT_COPY,
        reaching::HOUSEHOLD_COPY,
        reaching::REPLENISHMENT_DUE,
        TIMELINE_ENTRY,
        TIMELINE_STEP,
        AUDIT,
    ],
    left_out: &[
        ("calendar", "when we work"),
        ("unit_calendar", "when we work"),
        ("service_standard", "how soon anybody is served"),
        ("nightly_plan", "of a unit; the tasks that it makes are in here"),
        ("staff_successor", "the organisation's, of no customer"),
        ("outreach_policy", "how often anybody is reached"),
        ("authority_line", "who may give how much to anybody"),
    ],
    also: None,
};
