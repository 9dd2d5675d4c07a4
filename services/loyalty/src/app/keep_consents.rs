//! Keeps what a customer allows us, unless something newer is held.

use kit::{Received, Result, Work};
use schema::event::customer::ConsentState;

use super::{concerned::Concerned, membership};
use crate::storage;

pub(crate) async fn keep_consents(work: &mut Work, event: &Received<ConsentState>) -> Result<()> {
    let customer = event.data.customer_id;
    reference::customer::require(work, customer).await?;
    let mut concerned =
        Concerned::revised(work, std::slice::from_ref(event), |told| told.customer_id).await?;
    if storage::profile::keep::consents(work, &event.data, event.revision).await? {
        membership::follow(work, &mut concerned).await?;
    }
    Ok(())
}
