//! An outreach was granted: the invitation, or its reminder, may be sent.

use kit::{Received, Result, Work};
use schema::event::interaction::OutreachGranted;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<OutreachGranted>) -> Result<()> {
    app::decide_outreach::grant(work, &event.data).await
}
