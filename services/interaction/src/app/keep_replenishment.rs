//! Keeps when a customer runs out of something, as loyalty reckoned last; the action plan is made of that. The
//! customer need not be known yet: nothing is shown of it before the plan, which asks.

use kit::{Received, Result, Work};
use schema::event::loyalty::ReplenishmentDue;

use crate::storage;

pub(crate) async fn keep_replenishment(work: &Work, event: &Received<ReplenishmentDue>) -> Result<()> {
    storage::replenishment::keep(work, &event.data, (event.revision, event.occurred_at, event.id)).await
}
