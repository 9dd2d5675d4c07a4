//! Gives points as a gesture, without a purchase. They can be spent like others and do not count for the tier.

use kit::{Error, Input, Result, Work};
use schema::api::{
    loyalty::{GrantGoodwill, PointsEntry, WhyCode},
    problem::{FieldError, Problem},
};

use super::Given;
use crate::domain::{ledger::Movement, reason};

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
    let given =
        Given { id: work.new_id(), movement, code: WhyCode::Goodwill, reason: &new.reason, occurred_at: now };
    let entry = super::give(work, customer, revision, given).await?;
    work.audit("points.goodwill", customer, Some(&new.reason))?;
    Ok(entry)
}
