//! A customer answered: the profile keeps the score.

use kit::{Received, Result, Work};
use schema::event::survey::AnswerReceived;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<AnswerReceived>) -> Result<()> {
    app::keep_answer::keep_answer(work, &event).await
}
