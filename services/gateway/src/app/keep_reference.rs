//! Keeps who sees customers, and sees to it that every section of theirs is fetched once.

use std::collections::BTreeSet;

use kit::{Result, Work};
use schema::{api::section::Section, event::customer::CustomerState, ids::CustomerId};

use crate::{domain::announcement::Announcement, storage};

/// Keeps the references that are newer, each with its revision; sections that were never fetched become stale.
pub(crate) async fn keep_references(work: &mut Work, states: &[(&CustomerState, i64)]) -> Result<()> {
    reference::customer::keep(work, storage::view::REFERENCE, states).await?;
    let customers: BTreeSet<CustomerId> = states.iter().map(|(state, _)| state.customer_id).collect();
    for customer in &customers {
        work.announce(Announcement::Changed(*customer));
    }
    for section in Section::ALL {
        for customer in storage::stale::mark_missing(work, section, &customers).await? {
            work.announce(Announcement::Stale(customer, section));
        }
    }
    Ok(())
}
