//! Marks sections stale and wakes whoever refreshes them.

use std::collections::BTreeMap;

use kit::{Received, Result, Work};
use schema::{api::section::Section, ids::CustomerId};

use crate::{domain::announcement::Announcement, storage};

/// The section is to be fetched until it has the revision of these events, of each customer whom they are about.
pub(crate) async fn mark_stale<T: Sync>(
    work: &mut Work,
    section: Section,
    events: &[Received<T>],
) -> Result<()> {
    let mut wanted: BTreeMap<CustomerId, i64> = BTreeMap::new();
    for event in events {
        let revision = wanted.entry(event.subject.into()).or_insert(event.revision);
        *revision = event.revision.max(*revision);
    }
    for customer in storage::stale::mark(work, section, &wanted).await? {
        work.announce(Announcement::Stale(customer, section));
    }
    Ok(())
}
