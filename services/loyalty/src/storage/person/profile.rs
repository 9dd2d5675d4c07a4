//! A customer's profile, and the segments and lists that they are in.

use reference::person::{Table, id, long, text, time};

/// Figures and scores.
pub(super) const PROFILE: Table = Table::new(
    "profile",
    &[],
    &[
        long("purchases").value(),
        long("first_purchase_day").value(),
        long("last_purchase_day").value(),
        text("main_currency").value(),
        long("contacts").value(),
        time("first_contact_at").value(),
        time("last_contact_at").value(),
        long("open_cases").value(),
        long("complaints").value(),
        long("cases_resolved").value(),
        long("nps_score").value(),
        time("nps_at").value(),
        long("csat_score").value(),
        time("csat_at").value(),
        long("ces_score").value(),
        time("ces_at").value(),
        long("recovered").value(),
        time("recovery_at").value(),
        id("recovery_answer_id").value(),
        long("consent_revision"),
        long("rfm_recency").value(),
        long("rfm_frequency").value(),
        long("rfm_money").value(),
        text("rfm_currency").value(),
        long("rfm_day").value(),
    ],
);

/// What was bought in each currency.
pub(super) const TURNOVER: Table = Table::new(
    "profile_turnover",
    &["currency"],
    &[text("currency").value(), long("purchases").value(), long("amount_minor").value()],
);

/// Contacts by day.
pub(super) const CONTACT: Table =
    Table::new("profile_contact", &["id"], &[id("id"), time("occurred_at"), long("day")]);

/// Cases by day.
pub(super) const CASE: Table = Table::new(
    "profile_case",
    &["id"],
    &[id("id"), long("complaint"), text("state"), long("revision"), long("day")],
);

/// Scores that they gave.
pub(super) const ANSWER: Table = Table::new(
    "profile_answer",
    &["id"],
    &[id("id"), text("instrument"), long("score").value(), time("occurred_at"), long("day")],
);

/// What they allow us, as it was told.
pub(super) const CONSENT: Table = Table::new(
    "profile_consent",
    &["purpose", "channel"],
    &[text("purpose"), text("channel"), text("status"), time("expires_at")],
);

/// Attributes, as they were told: without their class.
pub(super) const ATTRIBUTE: Table = Table::new(
    "profile_attribute",
    &["attribute"],
    &[text("attribute"), long("number").unknown_class(), text("code").unknown_class(), long("revision")],
);

/// Segments that they belong to.
pub(super) const SEGMENT_MEMBER: Table = Table::new(
    "segment_member",
    &["segment_id"],
    &[
        id("segment_id").value(),
        text("segment").from("s.code").value(),
        text("segment_name").from("s.name").value(),
        time("since").value(),
    ],
)
.joined("LEFT JOIN segment s ON s.id = t.segment_id");

/// Lists that they are on.
pub(super) const LIST_MEMBER: Table = Table::new(
    "customer_list_member",
    &["list_id"],
    &[id("list_id").value(), text("list").from("l.code").value(), text("list_name").from("l.name").value()],
)
.joined("LEFT JOIN customer_list l ON l.id = t.list_id");
