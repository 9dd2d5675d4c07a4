//! Customers answered: their profiles keep their last scores.

use kit::{Received, Result, Unknown, Work};
use schema::event::survey::AnswerReceived;

use crate::app;

pub(super) async fn react(work: &mut Work, events: Vec<Received<AnswerReceived>>) -> Result<Unknown> {
    app::keep_answer::keep_answers(work, events).await
}
