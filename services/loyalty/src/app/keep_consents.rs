//! Keeps what a customer allows us, unless something newer is held.

use kit::{Received, Result, Work};
use schema::event::customer::ConsentState;

use super::membership;
use crate::storage;

pub(crate) async fn keep_consents(work: &mut Work, event: &Received<ConsentState>) -> Result<()> {
    let customer = event.data.customer_id;
    reference::customer::require(work, customer).await?;
    let revision = work.revise(customer, None).await?;
    if storage::profile::keep::consents(work, &event.data, event.revision).await? {
        membership::follow(work, customer, Some(revision), event.occurred_at).await?;
    }
    Ok(())
}
