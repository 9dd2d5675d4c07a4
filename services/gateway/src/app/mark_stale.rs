//! Marks a section stale and wakes whoever refreshes it.

use kit::{Result, Work};
use schema::{api::section::Section, ids::CustomerId};

use crate::{domain::announcement::Announcement, storage};

/// The section is to be fetched until it has the wanted revision.
pub(crate) async fn mark_stale(
    work: &mut Work,
    customer: CustomerId,
    section: Section,
    wanted: i64,
) -> Result<()> {
    if storage::stale::mark(work, customer, section, wanted).await? {
        work.announce(Announcement::Stale(customer, section));
    }
    Ok(())
}
