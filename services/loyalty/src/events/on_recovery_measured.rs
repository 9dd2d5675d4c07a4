//! An unhappy customer was asked again: the profile keeps what came of it.

use kit::{Received, Result, Work};
use schema::event::survey::RecoveryMeasured;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<RecoveryMeasured>) -> Result<()> {
    app::keep_recovery::keep_recovery(work, &event).await
}
