//! Reckons a supply anew, and sets when it is to be looked at next: when its delivery comes near.

use chrono::TimeDelta;
use kit::{Result, Work};
use schema::ids::CustomerId;

use crate::{
    domain::replenishment::{Forecast, Setting},
    storage,
};

/// How long before the latest time of delivery it is told.
pub(super) const HORIZON: TimeDelta = TimeDelta::days(3);

/// The customer's revision was raised: of two who look, the second sees what the first brought.
pub(super) async fn look_at_supply(
    work: &Work,
    customer: CustomerId,
    sku: &str,
    said: &Setting,
) -> Result<Forecast> {
    let deliveries = storage::supply::deliveries(work, customer, sku).await?;
    let found = said.forecast(&deliveries, work.now());
    let due_at = found.deliver_by.and_then(|at| at.checked_sub_signed(HORIZON));
    storage::supply::look_at(work, customer, sku, due_at).await?;
    Ok(found)
}
