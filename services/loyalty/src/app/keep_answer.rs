//! Keeps what customers answered.

use kit::{Received, Result, Unknown, Work};
use schema::event::survey::AnswerReceived;

use super::{concerned::Concerned, membership};
use crate::storage;

pub(crate) async fn keep_answers(work: &mut Work, events: Vec<Received<AnswerReceived>>) -> Result<Unknown> {
    let (events, unknown) =
        reference::customer::known(work, events, |answer: &AnswerReceived| answer.customer_id).await?;
    if events.is_empty() {
        return Ok(unknown);
    }
    let mut concerned = Concerned::revised(work, &events, |answer| answer.customer_id).await?;
    let answers: Vec<&AnswerReceived> = events.iter().map(|event| &event.data).collect();
    storage::profile::keep::answers(work, &answers).await?;
    membership::follow(work, &mut concerned).await?;
    Ok(unknown)
}
