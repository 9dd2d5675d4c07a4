//! A customer who had given a low score was asked again: the case keeps what became of them.

use kit::{Received, Result, Work};
use schema::event::survey::RecoveryMeasured;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<RecoveryMeasured>) -> Result<()> {
    app::measure_recovery::measure_recovery(work, &event).await
}
