//! Keeps who sees a customer, and sees to it that every section of theirs is fetched once.

use kit::{Result, Work};
use schema::{api::section::Section, event::customer::CustomerState};

use crate::{domain::announcement::Announcement, storage};

/// Keeps the reference if it is newer; sections that were never fetched become stale.
pub(crate) async fn keep_reference(work: &mut Work, state: &CustomerState, revision: i64) -> Result<()> {
    storage::reference::keep(work, state, revision).await?;
    work.announce(Announcement::Changed(state.customer_id));
    for section in Section::ALL {
        if storage::stale::mark_missing(work, state.customer_id, section).await? {
            work.announce(Announcement::Stale(state.customer_id, section));
        }
    }
    Ok(())
}
