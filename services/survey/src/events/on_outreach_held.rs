//! An outreach was held: the invitation, or its reminder, is not sent.

use kit::{Received, Result, Work};
use schema::event::interaction::OutreachHeld;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<OutreachHeld>) -> Result<()> {
    app::decide_outreach::hold(work, &event.data).await
}
