//! It is proposed to reach a customer: the gate decides.

use kit::{Received, Result, Work};
use schema::event::survey::OutreachProposed;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<OutreachProposed>) -> Result<()> {
    app::decide_outreach::decide_outreach(work, &event.data).await
}
