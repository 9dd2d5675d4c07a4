//! An answer was received: the timeline has it, and a low score is followed up.

use kit::{Received, Result, Work};
use schema::event::survey::AnswerReceived;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<AnswerReceived>) -> Result<()> {
    app::receive_answer::receive_answer(work, &event).await
}
