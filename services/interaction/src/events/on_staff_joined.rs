//! Somebody joined, or changed: the reference is kept, and low scores that nobody could take are taken.

use kit::{Received, Result, Work};
use schema::event::customer::StaffState;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<StaffState>) -> Result<()> {
    reference::staff::keep(work, &event.data, event.revision).await?;
    work.arrived(app::follow_up::SOMEBODY);
    Ok(())
}
