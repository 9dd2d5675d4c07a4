//! Keeps what a customer answered.

use kit::{Received, Result, Work};
use schema::event::survey::AnswerReceived;

use super::membership;
use crate::storage;

pub(crate) async fn keep_answer(work: &mut Work, event: &Received<AnswerReceived>) -> Result<()> {
    let customer = event.data.customer_id;
    reference::customer::require(work, customer).await?;
    let revision = work.revise(customer, None).await?;
    storage::profile::keep::answer(work, &event.data).await?;
    membership::follow(work, customer, Some(revision), event.occurred_at).await
}
