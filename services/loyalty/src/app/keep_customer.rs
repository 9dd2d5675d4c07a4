//! Keeps the reference of a customer, and an account and a profile for everyone whose reference is kept.

use kit::{Received, Result, Work};
use schema::event::customer::CustomerState;

use super::membership;
use crate::storage;

/// When a change arrives before the registration, the account is open since the change until the
/// registration tells better: purchases need not wait for it.
pub(crate) async fn keep_customer(work: &mut Work, event: &Received<CustomerState>) -> Result<()> {
    let customer = event.data.customer_id;
    reference::customer::keep(work, &event.data, event.revision).await?;
    if storage::account::open(work, customer, event.occurred_at).await? {
        super::settle::begin(work, customer).await?;
    }
    storage::profile::open(work, customer).await?;
    membership::follow(work, customer, None, event.occurred_at).await?;
    work.arrived(customer);
    Ok(())
}
