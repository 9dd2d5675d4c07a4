//! Keeps what a segmentable attribute of a customer is, unless something newer is held.

use kit::{Received, Result, Work};
use schema::event::customer::AttributeState;

use super::{concerned::Concerned, membership};
use crate::storage;

pub(crate) async fn keep_attribute(work: &mut Work, event: &Received<AttributeState>) -> Result<()> {
    let customer = event.data.customer_id;
    reference::customer::require(work, customer).await?;
    let mut concerned =
        Concerned::revised(work, std::slice::from_ref(event), |told| told.customer_id).await?;
    if storage::profile::keep::attribute(work, &event.data, event.revision).await? {
        membership::follow(work, &mut concerned).await?;
    }
    Ok(())
}
