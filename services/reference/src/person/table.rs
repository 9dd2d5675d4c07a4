//! Tables of a customer's rows, and those that every service has.

use super::column::{Column, id, long, text, time};

/// A table of a customer's rows.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name, which is also the kind of its records.
    pub name: &'static str,
    /// The column with the customer's id.
    pub owner: &'static str,
    /// The rest of its key, in the order of the index; nothing when a customer has one row.
    pub key: &'static [&'static str],
    /// What is joined to it, as `LEFT JOIN …`; the table itself is `t`.
    pub join: &'static str,
    /// The columns of a record; of the customer's id there is no need.
    pub columns: &'static [Column],
    /// The table's columns that are left out, with the reason of each.
    pub left_out: &'static [(&'static str, &'static str)],
}

impl Table {
    /// A table with the key (customer_id, `key`…).
    pub const fn new(name: &'static str, key: &'static [&'static str], columns: &'static [Column]) -> Self {
        Self { name, owner: "customer_id", key, join: "", columns, left_out: &[] }
    }

    /// The same table, with the customer's id in another column.
    #[must_use]
    pub const fn owned_by(self, owner: &'static str) -> Self {
        Self { owner, ..self }
    }

    /// The same table, joined with another one of which columns are taken.
    #[must_use]
    pub const fn joined(self, join: &'static str) -> Self {
        Self { join, ..self }
    }

    /// The same table without some of its columns, with the reason of each.
    #[must_use]
    pub const fn without(self, left_out: &'static [(&'static str, &'static str)]) -> Self {
        Self { left_out, ..self }
    }
}

/// The reference of a customer that services keep.
pub const REFERENCE: Table =
    Table::new("customer_ref", &[], &[text("kind"), text("status"), id("home_unit_id"), long("revision")]);

/// The units that see a customer.
pub const UNITS: Table = Table::new("customer_unit", &["org_unit_id"], &[id("org_unit_id")]);

/// Who did what to the customer's data. Of whom it names and in which words, only those learn who see everything:
/// it is about our people as well.
pub const AUDIT: Table = Table::new(
    "audit_entry",
    &["id"],
    &[
        id("id"),
        time("recorded_at"),
        text("actor").unknown_class(),
        text("action"),
        text("detail").unknown_class(),
    ],
)
.owned_by("subject_id")
.without(&[("trace_id", "leads to our own telemetry, which holds no personal data")]);

/// The kit's tables that are left out.
pub const BACKBONE_LEFT_OUT: &[(&str, &str)] = &[
    ("revision", "counts changes"),
    ("outbox", "what was told of rows that are in here, with ids and codes only"),
    ("inbox", "ids of events"),
    ("waiting_for", "what another service told and exports itself, until it can be applied"),
    ("failed_event", "what another service told and exports itself, until it is repaired"),
    ("bus_position", "how far a bus was read"),
    ("idempotency", "answers that were given in the last 14 days, of rows that are in here"),
    ("lease", "which process does what"),
    ("seaql_migrations", "which migrations have run"),
];

/// The tables of the organisation that are left out.
pub const ORGANISATION_LEFT_OUT: &[(&str, &str)] =
    &[("org_unit", "the organisation's, of no customer"), ("staff", "the organisation's, of no customer")];
