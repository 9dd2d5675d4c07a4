//! Makes plans of conditions: those that were written now, whose mistakes the client reads, and those of
//! segments, at a time that the client chose.

use chrono::{DateTime, TimeDelta, Utc};
use kit::{Db, Error, Result};
use schema::{
    api::{
        loyalty::{Condition, Segment},
        problem::Problem,
    },
    ids::SegmentId,
    moment,
};

use crate::{
    domain::segment::{Plan, plan},
    storage::segment,
};

/// How far ahead a condition can be judged: who will have lapsed by then.
const AHEAD: TimeDelta = TimeDelta::days(366);

/// The plan of a condition that a client tries.
pub(crate) async fn tried(db: &Db, condition: &Condition, as_of: DateTime<Utc>) -> Result<Plan> {
    let active = segment::active(db.read()).await?;
    let known = segment::known(db.read(), &active, &[condition]).await?;
    plan(condition, "/condition", None, &known, as_of).map_err(|wrong| Problem::fields(wrong).into())
}

/// A segment, and the plan of its condition.
pub(crate) async fn of_segment(db: &Db, id: SegmentId, as_of: DateTime<Utc>) -> Result<(Segment, Plan)> {
    let found = segment::find(db.read(), id, None).await?.ok_or_else(|| Problem::not_found("segment"))?;
    let active = segment::active(db.read()).await?;
    let known = segment::known(db.read(), &active, &[&found.condition]).await?;
    match plan(&found.condition, "", Some(id), &known, as_of) {
        Ok(plan) => Ok((found, plan)),
        Err(wrong) => {
            let detail = wrong.first().map(|one| one.detail.as_str()).unwrap_or_default();
            Err(Error::Fault(format!("segment {} cannot be judged: {detail}", found.code)))
        }
    }
}

/// The time at which to judge.
pub(crate) fn as_of(wanted: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    let wanted = wanted.unwrap_or(now);
    let kept = DateTime::from_timestamp_micros(wanted.timestamp_micros());
    match kept {
        Some(at) if moment::is_storable(at) && at <= now + AHEAD => Ok(at),
        Some(_) | None => Err(Problem::field("/as_of", "a time from the year 1900 to a year from now")),
    }
}
