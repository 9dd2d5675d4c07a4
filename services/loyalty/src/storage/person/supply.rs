//! What a customer uses up.

use reference::person::{Table, id, long, text, time};

/// What they use up, and how it was declared.
pub(super) const SUPPLY: Table = Table::new(
    "supply",
    &["sku"],
    &[
        text("sku"),
        long("persons"),
        long("person_day_milli"),
        long("lead_days"),
        long("buffer_days"),
        time("fill_at"),
        long("fill_milli"),
        time("due_at"),
    ],
);

/// What was delivered, or came back.
pub(super) const DELIVERY: Table = Table::new(
    "supply_delivery",
    &["sku", "id"],
    &[text("sku"), id("id"), id("purchase_id"), time("occurred_at"), long("quantity_milli")],
);

/// The days on which something runs out that were told already.
pub(super) const TOLD: Table = Table::new("supply_told", &["sku", "day"], &[text("sku"), long("day")]);
