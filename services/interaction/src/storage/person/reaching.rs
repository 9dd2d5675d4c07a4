//! What was given to a customer, how they were reached, and what other services told of them.

use reference::person::{Table, flag, id, json, long, text, time};

/// Gestures.
pub(super) const GESTURE: Table = Table::new(
    "gesture",
    &["id"],
    &[
        id("id"),
        id("org_unit_id"),
        id("case_id"),
        long("amount_minor"),
        text("currency"),
        text("reason"),
        text("notes").sensitive(),
        text("state"),
        id("asked_by_id"),
        time("occurred_at"),
        time("recorded_at"),
        text("needs_role"),
        text("needs_unit_kind"),
        id("decided_by_id"),
        time("decided_at"),
        text("refusal").sensitive(),
        text("outcome"),
    ],
);

/// What was given and what came back.
pub(super) const GESTURE_ENTRY: Table = Table::new(
    "gesture_entry",
    &["id"],
    &[
        id("id"),
        id("gesture_id"),
        id("staff_id"),
        text("month"),
        long("amount_minor"),
        text("currency"),
        time("occurred_at"),
        time("recorded_at"),
    ],
);

/// What was decided about reaching them.
pub(super) const OUTREACH: Table = Table::new(
    "outreach",
    &["id"],
    &[
        id("id"),
        text("purpose"),
        text("reason"),
        flag("owed"),
        time("caused_at"),
        time("expires_at"),
        time("occurred_at"),
        text("channel"),
        time("not_before"),
        text("held_because"),
    ],
);

/// What is to be said to them, or was.
pub(super) const OUTREACH_NOTICE: Table = Table::new(
    "outreach_notice",
    &["outreach_id"],
    &[
        id("outreach_id"),
        text("reason"),
        text("channel"),
        time("not_before"),
        time("expires_at"),
        long("points").standing(),
        time("sent_at"),
    ],
);

/// What they allow us, as it was told.
pub(super) const CONSENT_COPY: Table = Table::new("consent_copy", &[], &[json("state"), long("revision")]);

/// Their household, as it was told.
pub(super) const HOUSEHOLD_COPY: Table =
    Table::new("household_copy", &[], &[id("household_id"), long("revision")]);

/// When they run out of something, as it was told.
pub(super) const REPLENISHMENT_DUE: Table = Table::new(
    "replenishment_due",
    &["sku"],
    &[
        text("sku"),
        time("runs_out_at"),
        text("runs_out_on"),
        time("deliver_by"),
        long("quantity_milli"),
        long("revision"),
        time("occurred_at"),
        id("event_id"),
    ],
);
