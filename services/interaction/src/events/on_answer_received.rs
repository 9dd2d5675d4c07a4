//! An answer was received: a low score is followed up.

use kit::{Received, Result, Work};
use schema::event::survey::AnswerReceived;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<AnswerReceived>) -> Result<()> {
    app::follow_up::follow_up(work, &event).await
}
