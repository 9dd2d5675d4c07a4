//! A customer runs out of something soon.

use kit::{Received, Result, Work};
use schema::event::loyalty::ReplenishmentDue;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<ReplenishmentDue>) -> Result<()> {
    app::keep_replenishment::keep_replenishment(work, &event).await
}
