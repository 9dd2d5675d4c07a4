//! Scores the whole base by recency, frequency and money, and keeps the scores in the profiles, where both
//! the predicate and the statements of segments read them.

use chrono::{Days, NaiveDate};
use kit::{Input, Result, Work};
use schema::api::loyalty::{RfmScoring, ScoreBase};
use uuid::Uuid;

use crate::storage;

/// What is known when it is run counts, so the day is tomorrow's. Segments are compared soon after.
pub(crate) async fn score(work: &Work) -> Result<RfmScoring> {
    work.exclusive("rfm_scoring").await?;
    let as_of = day(work.now().date_naive());
    let customers = storage::rfm::keep(work, as_of).await?;
    storage::segment::make_due(work, None).await?;
    Ok(RfmScoring { as_of, customers: Some(customers) })
}

pub(crate) async fn score_base(work: &mut Work, _: Input<ScoreBase>) -> Result<RfmScoring> {
    let scoring = score(work).await?;
    work.audit("rfm.score", Uuid::nil(), Some(&scoring.as_of.to_string()))?;
    Ok(scoring)
}

/// The day before which things count when it is run on this one.
pub(crate) fn day(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(1)).unwrap_or(today)
}
