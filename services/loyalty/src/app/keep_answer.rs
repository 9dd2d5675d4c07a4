//! Keeps what a customer answered.

use kit::{Received, Result, Work};
use schema::event::survey::AnswerReceived;

use super::{concerned::Concerned, membership};
use crate::storage;

pub(crate) async fn keep_answer(work: &mut Work, event: &Received<AnswerReceived>) -> Result<()> {
    let customer = event.data.customer_id;
    reference::customer::require(work, customer).await?;
    let mut concerned =
        Concerned::revised(work, std::slice::from_ref(event), |told| told.customer_id).await?;
    storage::profile::keep::answer(work, &event.data).await?;
    membership::follow(work, &mut concerned).await
}
