//! Keeps that a customer and we were in contact.

use kit::{Received, Result, Work};
use schema::event::interaction::ContactRecorded;

use super::membership;
use crate::storage;

pub(crate) async fn keep_contact(work: &mut Work, event: &Received<ContactRecorded>) -> Result<()> {
    let customer = event.data.customer_id;
    reference::customer::require(work, customer).await?;
    let revision = work.revise(customer, None).await?;
    storage::profile::keep::contact(work, &event.data).await?;
    storage::profile::recount_contacts(work, customer).await?;
    membership::follow(work, customer, Some(revision), event.occurred_at).await
}
