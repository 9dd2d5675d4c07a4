//! Tells that a customer runs out of something soon: once for each day on which it does, and only when that is
//! of the present. Doing it again does nothing.

use chrono::TimeDelta;
use kit::{Result, Work};
use schema::{
    event::{ReplenishmentDue, loyalty},
    ids::CustomerId,
    moment,
    value::Milli,
};

use super::look_at_supplies::{HORIZON, look_at_supply};
use crate::storage;

/// How long after the latest time of delivery it is still worth telling.
const LATE: TimeDelta = TimeDelta::days(7);

pub(crate) async fn tell_replenishment(work: &mut Work, customer: CustomerId, sku: &str) -> Result<()> {
    let (revision, now) = (work.revise(customer, None).await?, work.now());
    let Some(said) = storage::supply::find(work, customer, sku).await? else { return Ok(()) };
    let found = look_at_supply(work, customer, sku, &said).await?;
    let (Some(runs_out_at), Some(deliver_by)) = (found.runs_out_at, found.deliver_by) else {
        return Ok(());
    };
    if deliver_by > now + HORIZON {
        return Ok(());
    }
    // Whatever becomes of it, there is nothing more to look at until something is delivered or said.
    storage::supply::look_at(work, &[((customer, sku.to_owned()), None)].into()).await?;
    let day = runs_out_at.timestamp().div_euclid(86_400);
    let of_present = deliver_by >= now - LATE && moment::is_storable(runs_out_at);
    if of_present && storage::supply::tell_once(work, customer, sku, day).await? {
        let due = loyalty::ReplenishmentDue {
            customer_id: customer,
            sku: sku.to_owned(),
            runs_out_at,
            deliver_by,
            quantity_milli: found.refill_milli.map(Milli::new),
        };
        work.tell::<ReplenishmentDue>(customer, revision, now, &due)?;
    }
    Ok(())
}
