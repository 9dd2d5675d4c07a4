//! What the gateway keeps of one customer: who their devices belong to, and tracked messages of theirs that had
//! no effect yet. Everything else here is a copy of what the four services serve, and export themselves.

mod message;

use reference::person::{Held, Table, UNITS, id, time};

/// Everything that the gateway keeps of one customer.
pub static PERSONAL_DATA: Held = Held {
    tables: &[
        UNITS,
        Table::new("ingestion_link", &["key"], &[id("key").identity(), time("linked_at")]),
        reference::person::AUDIT,
    ],
    left_out: &[
        ("customer_view", "a copy of what the four services serve of the customer; each exports its own"),
        ("customer_view_contact", "a copy of the contact points, which the customer service exports"),
        ("view_stale", "which copies are to be fetched again"),
        ("ingestion_message", "read by whose they are, not by a customer's id: see what is also held"),
        ("ingestion_source", "who may send tracked messages"),
        ("ingestion_count", "how many messages of one sort came from anybody"),
    ],
    also: Some(message::of),
};
