//! Points expire soon: the gate decides whether the customer is told.

use kit::{Received, Result, Work};
use schema::event::loyalty::PointsExpiring;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<PointsExpiring>) -> Result<()> {
    app::decide_outreach::points_expire(work, &event).await
}
