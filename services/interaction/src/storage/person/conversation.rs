//! Contacts, cases and tasks of a customer.

use reference::person::{Table, flag, id, integer, json, long, text, time};

/// Contacts, and what was promised in them.
pub(super) const CONTACT: Table = Table::new(
    "contact",
    &["id"],
    &[
        id("id"),
        id("org_unit_id"),
        id("staff_id"),
        text("channel"),
        text("direction"),
        text("phase"),
        time("occurred_at"),
        time("recorded_at"),
        text("topic"),
        text("notes").sensitive(),
        text("outcome"),
        flag("answered"),
        text("promise_what"),
        text("promise_notes").sensitive(),
        id("promise_staff_id"),
        time("promise_due_at"),
        text("promise_state"),
        time("promise_settled_at"),
        time("promise_breached_for"),
    ],
);

/// Contacts by channel and phase.
pub(super) const CONTACT_COUNT: Table = Table::new(
    "contact_count",
    &["channel", "phase"],
    &[text("channel"), text("phase"), integer("contacts"), time("last_at")],
);

/// Cases.
pub(super) const CASE: Table = Table::new(
    "service_case",
    &["id"],
    &[
        id("id"),
        id("org_unit_id"),
        id("contact_id"),
        id("answer_id"),
        text("topic"),
        text("severity"),
        flag("complaint"),
        text("subject").sensitive(),
        text("state"),
        id("accountable_id"),
        id("handler_id"),
        id("offered_to_id"),
        time("occurred_at"),
        time("recorded_at"),
        time("due_at"),
        json("standard"),
        time("warn_at"),
        time("warned_for"),
        time("breached_for"),
        time("respond_by"),
        time("respond_warn_at"),
        time("responded_at"),
        time("response_warned_for"),
        time("response_breached_for"),
        time("resolved_at"),
        time("closed_at"),
        long("worked_minutes"),
        text("outcome"),
        text("resolution").sensitive(),
        integer("reopened"),
        integer("transfers"),
        flag("ping_pong"),
        flag("recovered"),
        integer("score_before").value(),
        integer("score_after").value(),
        time("measured_at"),
    ],
);

/// Offers of cases to colleagues.
pub(super) const HAND_OVER: Table = Table::new(
    "case_hand_over",
    &["id"],
    &[
        id("id"),
        id("case_id"),
        integer("ordinal"),
        id("from_staff_id"),
        id("to_staff_id"),
        time("occurred_at"),
        text("reason").sensitive(),
        text("state"),
        time("answered_at"),
        text("decline_reason").sensitive(),
    ],
);

/// Tasks.
pub(super) const TASK: Table = Table::new(
    "task",
    &["id"],
    &[
        id("id"),
        id("org_unit_id"),
        text("kind"),
        text("what"),
        text("notes").sensitive(),
        text("state"),
        id("owner_id"),
        id("opened_by_id"),
        id("case_id"),
        text("sku"),
        long("quantity_milli"),
        time("runs_out_at"),
        text("runs_out_on"),
        time("occurred_at"),
        time("recorded_at"),
        time("planned_at"),
        text("plan_date"),
        time("due_at"),
        time("breached_for"),
        time("settled_at"),
        text("outcome"),
    ],
);

/// Due times that were missed.
pub(super) const BREACH: Table = Table::new(
    "breach",
    &["id"],
    &[
        id("id"),
        text("kind"),
        id("subject_id"),
        id("staff_id"),
        id("org_unit_id"),
        time("due_at"),
        time("recorded_at"),
    ],
);
