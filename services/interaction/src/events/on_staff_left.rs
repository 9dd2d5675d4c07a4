//! Somebody left: the reference is kept, and the successor takes over.

use kit::{Received, Result, Work};
use schema::event::customer::{StaffLeft, StaffState};

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<StaffLeft>) -> Result<()> {
    let left = &event.data;
    let state = StaffState {
        staff_id: left.staff_id,
        code: left.code.clone(),
        org_unit_id: left.org_unit_id,
        status: left.status,
    };
    reference::staff::keep(work, &state, event.revision).await?;
    app::succeed::succeed(work, &event).await
}
