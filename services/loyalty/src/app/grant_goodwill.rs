//! Gives points as a gesture, without a purchase. They can be spent like others and do not count for the tier.

use kit::{Error, Input, Result, Work};
use schema::{
    api::{
        loyalty::{GrantGoodwill, PointsEntry, PointsEntryKind, PointsWhy, WhyCode},
        problem::{FieldError, Problem},
    },
    event::{PointsGranted, loyalty::PointsMovedFor},
    ids::PointsEntryId,
};

use crate::{
    domain::{ledger::Movement, reason, reckoning},
    storage::{self, ledger::Entry},
};

/// The most points of one gesture.
const MOST: i64 = 10_000;

pub(crate) async fn grant_goodwill(work: &mut Work, input: Input<GrantGoodwill>) -> Result<PointsEntry> {
    let (customer, new, now) = (input.path.customer_id, &input.body, work.now());
    let mut wrong = Vec::new();
    let mut mistake = |pointer: &str, detail: String| {
        wrong.push(FieldError { pointer: pointer.to_owned(), detail });
    };
    if !(1..=MOST).contains(&new.points.get()) {
        mistake("/points", format!("a gesture is 1 to {MOST} points"));
    }
    if let Err(rule) = reason::check(&new.reason) {
        mistake("/reason", rule.to_owned());
    }
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong).into());
    }

    reference::customer::require(work, customer).await?;
    let revision = work.revise(customer, input.if_match).await?;
    let movement =
        Movement::goodwill(new.points).ok_or_else(|| Error::Fault("a gesture moves nothing".into()))?;
    let id: PointsEntryId = work.new_id();
    let reason = Some(new.reason.clone());
    let programme = storage::programme::all(work).await?;
    let version = programme.at(now);
    let (expires_at, _) = version.life(now);
    let why = PointsWhy { expires_at, ..reckoning::plain(WhyCode::Goodwill, version.number()) };
    let entry = Entry {
        customer,
        id,
        purchase: None,
        reason: reason.clone(),
        lot: None,
        movement,
        why: why.clone(),
        occurred_at: now,
    };
    storage::ledger::add(work, &entry).await?;
    let granted = PointsMovedFor {
        entry_id: id,
        customer_id: customer,
        points: movement.points(),
        reason: new.reason.clone(),
        occurred_at: now,
    };
    work.tell::<PointsGranted>(customer, revision, now, &granted)?;
    super::settle::settle(work, customer, revision, id.into()).await?;
    work.audit("points.goodwill", customer, Some(&new.reason)).await?;
    Ok(PointsEntry {
        id,
        kind: PointsEntryKind::Goodwill,
        points: Some(new.points),
        purchase_id: None,
        reason,
        why: Some(why),
        occurred_at: now,
    })
}
