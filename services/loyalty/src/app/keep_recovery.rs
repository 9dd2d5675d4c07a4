//! Keeps whether an unhappy customer was won back.

use kit::{Received, Result, Work};
use schema::event::survey::RecoveryMeasured;

use super::{concerned::Concerned, membership};
use crate::storage;

pub(crate) async fn keep_recovery(work: &mut Work, event: &Received<RecoveryMeasured>) -> Result<()> {
    let customer = event.data.customer_id;
    reference::customer::require(work, customer).await?;
    let mut concerned =
        Concerned::revised(work, std::slice::from_ref(event), |told| told.customer_id).await?;
    storage::profile::keep::recovery(work, &event.data).await?;
    membership::follow(work, &mut concerned).await
}
