//! Reckons supplies anew, and sets when each is to be looked at next: when its delivery comes near.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kit::{Error, Result, Work};
use schema::ids::CustomerId;

use crate::{
    domain::replenishment::{Forecast, Setting},
    storage::{self, supply::Key},
};

/// How long before the latest time of delivery it is told.
pub(super) const HORIZON: TimeDelta = TimeDelta::days(3);

/// The customers' revisions were raised: of two who look, the second sees what the first brought.
pub(super) async fn look_at_supplies(
    work: &Work,
    said: &BTreeMap<Key, Setting>,
) -> Result<BTreeMap<Key, Forecast>> {
    let mut delivered = storage::supply::deliveries(work, said.keys().cloned()).await?;
    let (mut found, mut due) = (BTreeMap::new(), BTreeMap::new());
    for (key, setting) in said {
        let forecast = setting.forecast(&delivered.remove(key).unwrap_or_default(), work.now());
        due.insert(key.clone(), forecast.deliver_by.and_then(|at| at.checked_sub_signed(HORIZON)));
        found.insert(key.clone(), forecast);
    }
    storage::supply::look_at(work, &due).await?;
    Ok(found)
}

/// As [`look_at_supplies`], for one.
pub(super) async fn look_at_supply(
    work: &Work,
    customer: CustomerId,
    sku: &str,
    said: &Setting,
) -> Result<Forecast> {
    let said = [((customer, sku.to_owned()), *said)].into();
    let found = look_at_supplies(work, &said).await?.into_values().next();
    found.ok_or_else(|| Error::Fault("a supply that was looked at is not there".into()))
}
