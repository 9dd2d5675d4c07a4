//! Hot rows in memory.
//!
//! Two things must not happen: a row read before a change is put here after it, and a row is trusted
//! while announcements may have been missed. Against the first, a reader takes a [`Stamp`] before it
//! reads, and its row is taken out again when something happened to the customer since. Against the
//! second, the stamp holds the announcements' epoch, and a row of another epoch is not found. Scope is
//! decided on paths, so a change of the organisation begins a new epoch as well.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;
use schema::ids::CustomerId;

use crate::domain::row::Row;

/// Room for rows, in bytes.
const ROOM: u64 = 128 * 1024 * 1024;
/// Units whose path is remembered.
const PATHS: u64 = 10_000;
/// How long anything is remembered: the bound for what an undetected loss could leave behind.
const REMEMBERED: Duration = Duration::from_secs(10);
/// Counters of changes; customers share them.
const COUNTERS: usize = 4096;

/// A moment, to tell whether something changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    heard: u64,
    organisation: u64,
}

/// The memory.
pub(crate) struct Memory {
    rows: Cache<CustomerId, (Stamp, Arc<Row>)>,
    paths: Cache<String, (Stamp, Option<String>)>,
    organisation: AtomicU64,
    changes: Box<[AtomicU64]>,
    hasher: RandomState,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self {
            rows: Cache::builder()
                .max_capacity(ROOM)
                .weigher(|_, (_, row): &(Stamp, Arc<Row>)| row.weight.saturating_add(512))
                .time_to_live(REMEMBERED)
                .build(),
            paths: Cache::builder().max_capacity(PATHS).time_to_live(REMEMBERED).build(),
            organisation: AtomicU64::new(0),
            changes: (0..COUNTERS).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
        }
    }

    /// This moment, in the epoch of what is heard.
    pub(crate) fn stamp(&self, heard: u64) -> Stamp {
        Stamp { heard, organisation: self.organisation.load(Ordering::SeqCst) }
    }

    /// The row, if it is remembered and may be trusted.
    pub(crate) fn row(&self, now: Stamp, customer: CustomerId) -> Option<Arc<Row>> {
        self.rows.get(&customer).filter(|(stamp, _)| *stamp == now).map(|(_, row)| row)
    }

    /// How often something happened to the customer; take it before reading the row.
    pub(crate) fn changes(&self, customer: CustomerId) -> u64 {
        self.counter(customer).load(Ordering::SeqCst)
    }

    /// Remembers a row that was read at `stamp`, unless something happened since.
    pub(crate) fn keep(&self, stamp: Stamp, changes: u64, row: &Arc<Row>) {
        self.rows.insert(row.customer_id, (stamp, Arc::clone(row)));
        // Looked at after the insert: a change is either seen here, or takes the row out after this.
        if self.changes(row.customer_id) != changes {
            self.rows.invalidate(&row.customer_id);
        }
    }

    /// The path of a unit, if it is remembered; `Some(None)` for a unit without one.
    pub(crate) fn path(&self, now: Stamp, code: &str) -> Option<Option<String>> {
        self.paths.get(code).filter(|(stamp, _)| *stamp == now).map(|(_, path)| path)
    }

    /// Remembers the path of a unit, read at `stamp`.
    pub(crate) fn keep_path(&self, stamp: Stamp, code: &str, path: Option<String>) {
        self.paths.insert(code.to_owned(), (stamp, path));
    }

    /// Something happened to the customer.
    pub(crate) fn forget(&self, customer: CustomerId) {
        self.counter(customer).fetch_add(1, Ordering::SeqCst);
        self.rows.invalidate(&customer);
    }

    /// Something happened to everybody.
    pub(crate) fn forget_all(&self) {
        self.organisation.fetch_add(1, Ordering::SeqCst);
        self.rows.invalidate_all();
        self.paths.invalidate_all();
    }

    fn counter(&self, customer: CustomerId) -> &AtomicU64 {
        let hash = self.hasher.hash_one(customer);
        let at = usize::try_from(hash % COUNTERS as u64).unwrap_or_default();
        &self.changes[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::row;

    #[test]
    fn a_row_that_changed_while_it_was_read_is_not_remembered() {
        let memory = Memory::new();
        let row = Arc::new(row::tests::row(&["/hq/"]));
        let (stamp, changes) = (memory.stamp(1), memory.changes(row.customer_id));
        memory.forget(row.customer_id);
        memory.keep(stamp, changes, &row);
        assert!(memory.row(memory.stamp(1), row.customer_id).is_none());
        memory.keep(stamp, memory.changes(row.customer_id), &row);
        assert!(memory.row(memory.stamp(1), row.customer_id).is_some());
    }

    #[test]
    fn another_epoch_trusts_nothing() {
        let memory = Memory::new();
        let row = Arc::new(row::tests::row(&["/hq/"]));
        memory.keep(memory.stamp(1), memory.changes(row.customer_id), &row);
        memory.keep_path(memory.stamp(1), "hq", Some("/hq/".to_owned()));
        assert!(memory.row(memory.stamp(3), row.customer_id).is_none());
        let before = memory.stamp(1);
        memory.forget_all();
        memory.keep(before, memory.changes(row.customer_id), &row);
        assert!(memory.row(memory.stamp(1), row.customer_id).is_none());
        assert_eq!(memory.path(memory.stamp(1), "hq"), None);
    }
}
