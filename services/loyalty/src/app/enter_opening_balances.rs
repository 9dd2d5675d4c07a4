//! Enters the points that customers bring from accounts elsewhere. They can be spent like others and do not count
//! for the tier.

use kit::{Error, Result, Work, batch::Items};
use schema::{
    api::{
        batch::{Batch, BatchItem, BatchReply},
        loyalty::{NewOpeningBalance, OPENING_MAX, WhyCode},
        problem::{FieldError, Problem},
    },
    ids::{CustomerId, PointsEntryId},
};

use super::Given;
use crate::domain::ledger::Movement;

/// What others are told that the points were given for.
const REASON: &str = "opening-balance";

pub(crate) async fn enter_opening_balances(
    work: &mut Work,
    batch: &Batch<BatchItem<NewOpeningBalance>>,
) -> Result<BatchReply> {
    let mut items = Items::of(batch, "points")?;
    let revisions = reference::batch::begin(work, &mut items, "points_entry").await?;
    items
        .decide_each(work, |work, item, id| Box::pin(enter(work, item.customer_id, id.into(), &item.command)))
        .await?;
    revisions.release(work).await?;
    items.reply()
}

async fn enter(
    work: &mut Work,
    customer: CustomerId,
    id: PointsEntryId,
    new: &NewOpeningBalance,
) -> Result<()> {
    let mut wrong = Vec::new();
    let mut mistake = |pointer: &str, detail: String| {
        wrong.push(FieldError { pointer: pointer.to_owned(), detail });
    };
    if !(1..=OPENING_MAX).contains(&new.points.get()) {
        mistake(
            "/points",
            format!("an opening balance is 1 to {OPENING_MAX} points; leave out an empty account"),
        );
    }
    let occurred_at = schema::moment::parse(new.occurred_at, work.now());
    if let Err(rule) = occurred_at {
        mistake("/occurred_at", rule.to_owned());
    }
    let Some(occurred_at) = occurred_at.ok().filter(|_| wrong.is_empty()) else {
        return Err(Problem::fields(wrong).into());
    };
    let movement =
        Movement::opening(new.points).ok_or_else(|| Error::Fault("a balance moves nothing".into()))?;
    let revision = work.revise(customer, None).await?;
    let given = Given { id, movement, code: WhyCode::OpeningBalance, reason: REASON, occurred_at };
    super::give(work, customer, revision, given).await?;
    work.audit("points.opening_balance", customer, Some(&id.to_string()))
}
