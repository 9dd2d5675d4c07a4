//! What a transaction did with events, counted in memory until it is committed.

use std::collections::BTreeMap;

use schema::topology::Service;
use uuid::Uuid;

use crate::metrics;

/// What a transaction did, to be counted once it is committed.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    known: Vec<Uuid>,
    applied: BTreeMap<String, u64>,
    parked: BTreeMap<String, u64>,
    duplicates: u64,
}

impl Tally {
    /// Subjects that became known.
    pub(crate) fn known(&self) -> &[Uuid] {
        &self.known
    }

    pub(super) fn arrived(&mut self, subjects: &[Uuid]) {
        self.known.extend(subjects);
    }

    pub(super) fn applied(&mut self, kind: &str, events: usize) {
        add(&mut self.applied, kind, events);
    }

    pub(super) fn parked(&mut self, kind: &str, events: usize) {
        add(&mut self.parked, kind, events);
    }

    /// So many events had been applied before.
    pub(super) fn repeated(&mut self, events: usize) {
        self.duplicates += events as u64;
    }

    /// What a part of the transaction did that is not rolled back.
    pub(super) fn merge(&mut self, part: Self) {
        self.known.extend(part.known);
        for (all, part) in [(&mut self.applied, part.applied), (&mut self.parked, part.parked)] {
            for (kind, events) in part {
                *all.entry(kind).or_default() += events;
            }
        }
        self.duplicates += part.duplicates;
    }

    /// Counts it: the transaction is committed.
    pub(crate) fn count(&self, service: Service) {
        for (kind, events) in &self.applied {
            metrics::applied(service, kind, *events);
        }
        for (kind, events) in &self.parked {
            metrics::parked(service, kind, *events);
        }
        if self.duplicates > 0 {
            metrics::repeated(service, self.duplicates);
        }
    }
}

fn add(all: &mut BTreeMap<String, u64>, kind: &str, events: usize) {
    if events > 0 {
        *all.entry(kind.to_owned()).or_default() += events as u64;
    }
}
