//! A unit was created, changed or moved: the tree is kept, and nobody's scope is remembered.

use kit::{Received, Result, Work};
use schema::event::customer::OrgUnitState;

use crate::domain::announcement::Announcement;

pub(super) async fn on_org_unit(work: &mut Work, event: Received<OrgUnitState>) -> Result<()> {
    if reference::org_unit::keep(work, &event.data, event.revision).await? {
        work.announce(Announcement::Organisation);
    }
    Ok(())
}
