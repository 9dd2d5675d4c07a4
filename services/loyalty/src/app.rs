//! Decisions, one a file, each seen whole. All of them are made when an event arrives.

pub(crate) mod earn;
pub(crate) mod keep_customer;
pub(crate) mod open_account;
pub(crate) mod reverse;

use chrono::{DateTime, Utc};
use kit::{Error, Result, Work};
use schema::{
    event::{
        Event, TierChanged,
        loyalty::{self, PointsMoved},
    },
    ids::{CustomerId, EventId, PointsEntryId, PurchaseId},
};
use uuid::Uuid;

use crate::{
    domain::ledger::Movement,
    storage::{self, ledger::Entry},
};

/// What makes points move.
struct Cause {
    event: EventId,
    customer: CustomerId,
    purchase: PurchaseId,
    occurred_at: DateTime<Utc>,
}

/// Enters a movement in the ledger, brings the account up to date, and tells both.
///
/// The revision keeps other writers of the account away from the look at it to the commit.
async fn enter<E>(work: &mut Work, cause: Cause, movement: Movement) -> Result<()>
where
    E: Event<Data = PointsMoved>,
{
    let Cause { event, customer, purchase, occurred_at } = cause;
    let revision = work.revise(customer, None).await?;
    let before = storage::account::standing(work, customer).await?;
    let after = before
        .after(movement)
        .ok_or_else(|| Error::Fault(format!("the account of {customer} holds more than can be counted")))?;

    let id = entry_id(event);
    storage::ledger::add(work, &Entry { customer, id, purchase, movement, occurred_at }).await?;
    storage::account::put(work, customer, after).await?;

    let moved = PointsMoved {
        entry_id: id,
        customer_id: customer,
        purchase_id: purchase,
        points: movement.points(),
        occurred_at,
    };
    work.tell::<E>(customer, revision, occurred_at, &moved)?;
    if after.tier != before.tier {
        let changed = loyalty::TierChanged { customer_id: customer, from: before.tier, to: after.tier };
        work.tell::<TierChanged>(customer, revision, occurred_at, &changed)?;
    }
    Ok(())
}

/// An entry's id follows from the event that caused it, so that a replay makes the same ledger.
fn entry_id(event: EventId) -> PointsEntryId {
    Uuid::new_v5(&event.uuid(), b"points_entry").into()
}
