//! Decisions, one a file, each seen whole: those of people, those made when an event arrives, and those that
//! time makes.

pub(crate) mod archive_segment;
pub(crate) mod cancel_hold;
pub(crate) mod change_list_members;
pub(crate) mod change_segment;
mod concerned;
pub(crate) mod confirm_hold;
pub(crate) mod create_customer_list;
pub(crate) mod create_programme_version;
pub(crate) mod create_segment;
pub(crate) mod earn;
pub(crate) mod enter_opening_balances;
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
mod keep_dealings;
pub(crate) mod keep_recovery;
mod look_at_supplies;
pub(crate) mod membership;
pub(crate) mod open_account;
pub(crate) mod plan_segment;
pub(crate) mod reverse;
pub(crate) mod score_base;
pub(crate) mod set_supply;
mod settle;
pub(crate) mod settle_account;
pub(crate) mod tell_replenishment;

use chrono::{DateTime, Utc};
use kit::{Error, Result, Work};
use schema::{
    api::{
        loyalty::{PointsEntry, PointsHold, PointsWhy, WhyCode},
        problem::{Code, Problem},
    },
    event::{
        PointsGranted, PointsReleased,
        loyalty::{self, PointsMovedFor},
    },
    ids::{CustomerId, EventId, PointsEntryId},
};
use uuid::Uuid;

use crate::{
    domain::{
        hold::{Hold, NotAllowed},
        ledger::Movement,
        reckoning,
    },
    storage::{self, ledger::Entry},
};

/// Points that no purchase earned.
struct Given<'a> {
    id: PointsEntryId,
    movement: Movement,
    code: WhyCode,
    /// What for.
    reason: &'a str,
    occurred_at: DateTime<Utc>,
}

/// Enters points that no purchase earned, tells, and brings the account up to date. The customer's revision was
/// raised.
async fn give(work: &mut Work, customer: CustomerId, revision: i64, given: Given<'_>) -> Result<PointsEntry> {
    let Given { id, movement, code, reason, occurred_at } = given;
    let programme = storage::programme::all(work).await?;
    let version = programme.at(occurred_at);
    let (expires_at, _) = version.life(occurred_at);
    let why = PointsWhy { expires_at, ..reckoning::plain(code, version.number()) };
    let entry = Entry {
        customer,
        id,
        purchase: None,
        reason: Some(reason.to_owned()),
        lot: None,
        movement,
        why: why.clone(),
        occurred_at,
    };
    storage::ledger::add(work, &[entry]).await?;
    let granted = PointsMovedFor {
        entry_id: id,
        customer_id: customer,
        points: movement.points(),
        reason: reason.to_owned(),
        occurred_at,
    };
    work.tell::<PointsGranted>(customer, revision, occurred_at, &granted)?;
    settle::settle(work, customer, revision, id.into()).await?;
    Ok(PointsEntry {
        id,
        kind: movement.kind(),
        points: Some(movement.points()),
        purchase_id: None,
        reason: Some(reason.to_owned()),
        why: Some(why),
        occurred_at,
    })
}

/// The hold that a command is about, whose customer's revision was raised.
async fn hold_to_settle(work: &Work, customer: CustomerId, id: PointsEntryId) -> Result<(Hold, PointsHold)> {
    let found = storage::hold::find(work, customer, id).await?;
    found.ok_or_else(|| Problem::not_found("hold").into())
}

/// Lets the points of a hold go: keeps what it became, and tells. What had to wait for it expires now.
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
    let cause = work.new_id();
    settle::settle(work, customer, revision, cause).await?;
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
