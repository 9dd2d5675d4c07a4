//! Spends the points of an open hold: the hold becomes an entry of the ledger with the same id, so that it
//! cannot be spent twice.

use kit::{Error, Input, Result, Work};
use schema::{
    api::loyalty::{ConfirmHold, PointsHold, WhyCode},
    event::{PointsBurned, loyalty::PointsMovedFor},
};

use crate::{
    domain::{ledger::Movement, reckoning},
    storage::{self, ledger::Entry},
};

pub(crate) async fn confirm_hold(work: &mut Work, input: Input<ConfirmHold>) -> Result<PointsHold> {
    let (customer, now) = (input.path.customer_id, work.now());
    reference::customer::require(work, customer).await?;
    let revision = work.revise(customer, input.if_match).await?;
    let (hold, mut shown) = super::hold_to_settle(work, customer, input.path.hold_id).await?;
    shown.state = hold.confirm(now).map_err(super::refused)?.state();
    shown.settled_at = Some(now);
    storage::hold::settle(work, customer, &shown).await?;

    let movement = Movement::burn(shown.points.unwrap_or_default())
        .ok_or_else(|| Error::Fault(format!("hold {} holds nothing", shown.id)))?;
    let reason = shown.reason.clone();
    let version = storage::programme::all(work).await?.at(now).number();
    let entry = Entry {
        customer,
        id: shown.id,
        purchase: None,
        reason: Some(reason.clone()),
        lot: None,
        movement,
        why: reckoning::plain(WhyCode::Spent, version),
        occurred_at: now,
    };
    storage::ledger::add(work, &[entry]).await?;
    let burned = PointsMovedFor {
        entry_id: shown.id,
        customer_id: customer,
        points: movement.points(),
        reason: reason.clone(),
        occurred_at: now,
    };
    work.tell::<PointsBurned>(customer, revision, now, &burned)?;
    let cause = work.new_id();
    super::settle::settle(work, customer, revision, cause).await?;
    work.audit("points.burn", customer, Some(&reason))?;
    Ok(shown)
}
