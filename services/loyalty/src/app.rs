//! Decisions, one a file, each seen whole: those of people, those made when an event arrives, and the one
//! that time makes.

pub(crate) mod archive_segment;
pub(crate) mod cancel_hold;
pub(crate) mod change_list_members;
pub(crate) mod change_segment;
pub(crate) mod confirm_hold;
pub(crate) mod create_customer_list;
pub(crate) mod create_segment;
pub(crate) mod earn;
pub(crate) mod expire_hold;
pub(crate) mod explain_member;
pub(crate) mod export_segment;
pub(crate) mod grant_goodwill;
pub(crate) mod hold_points;
pub(crate) mod keep_answer;
pub(crate) mod keep_attribute;
pub(crate) mod keep_case;
pub(crate) mod keep_consents;
pub(crate) mod keep_contact;
pub(crate) mod keep_customer;
mod keep_purchase;
pub(crate) mod keep_recovery;
pub(crate) mod membership;
pub(crate) mod open_account;
pub(crate) mod plan_segment;
pub(crate) mod reverse;
pub(crate) mod score_base;

use chrono::{DateTime, Utc};
use kit::{Error, Result, Work};
use schema::{
    api::{
        loyalty::PointsHold,
        problem::{Code, Problem},
    },
    event::{
        Event, PointsReleased, TierChanged,
        loyalty::{self, PointsMoved},
    },
    ids::{CustomerId, EventId, PointsEntryId, PurchaseId},
};
use uuid::Uuid;

use crate::{
    domain::{
        hold::{Hold, NotAllowed},
        ledger::Movement,
    },
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
    let id = entry_id(event);
    let entry = Entry { customer, id, purchase: Some(purchase), reason: None, movement, occurred_at };
    let tier = post(work, &entry).await?;
    let moved = PointsMoved {
        entry_id: id,
        customer_id: customer,
        purchase_id: purchase,
        points: movement.points(),
        occurred_at,
    };
    work.tell::<E>(customer, revision, occurred_at, &moved)?;
    if let Some(changed) = tier {
        work.tell::<TierChanged>(customer, revision, occurred_at, &changed)?;
    }
    Ok(())
}

/// Posts an entry and brings the account up to date, whose revision was raised. The change of tier, if the
/// entry makes one.
async fn post(work: &Work, entry: &Entry) -> Result<Option<loyalty::TierChanged>> {
    let customer = entry.customer;
    let before = storage::account::standing(work, customer).await?;
    let after = before
        .after(entry.movement)
        .ok_or_else(|| Error::Fault(format!("the account of {customer} holds more than can be counted")))?;
    storage::ledger::add(work, entry).await?;
    storage::account::put(work, customer, after).await?;
    let changed = loyalty::TierChanged { customer_id: customer, from: before.tier, to: after.tier };
    Ok((changed.from != changed.to).then_some(changed))
}

/// The hold that a command is about, whose customer's revision was raised.
async fn hold_to_settle(work: &Work, customer: CustomerId, id: PointsEntryId) -> Result<(Hold, PointsHold)> {
    let found = storage::hold::find(work, customer, id).await?;
    found.ok_or_else(|| Problem::not_found("hold").into())
}

/// Lets the points of a hold go: keeps what it became, and tells.
async fn release(
    work: &mut Work,
    customer: CustomerId,
    revision: i64,
    became: Hold,
    hold: &mut PointsHold,
    at: DateTime<Utc>,
) -> Result<()> {
    hold.state = became.state();
    hold.settled_at = Some(at);
    storage::hold::settle(work, customer, hold).await?;
    let released = loyalty::PointsReleased {
        hold_id: hold.id,
        customer_id: customer,
        points: hold.points.unwrap_or_default(),
        state: hold.state,
    };
    work.tell::<PointsReleased>(customer, revision, at, &released)?;
    Ok(())
}

/// What the client reads of a step that the hold does not allow.
fn refused(not_allowed: NotAllowed) -> Error {
    Problem::new(Code::Conflict, not_allowed.to_string()).into()
}

/// An entry's id follows from the event that caused it, so that a replay makes the same ledger.
fn entry_id(event: EventId) -> PointsEntryId {
    Uuid::new_v5(&event.uuid(), b"points_entry").into()
}
