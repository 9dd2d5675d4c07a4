//! Has the action plan of a unit made every night, or not any more; and makes it when the time has come.

use chrono::{DateTime, Days, NaiveTime, Utc};
use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{NightlyPlan, SetNightlyPlan},
        problem::Problem,
    },
    ids::OrgUnitId,
};

use super::make_action_plan::{LONGEST_HORIZON, Order, default_owner, make};
use crate::{domain::working_time::WorkingTime, storage};

/// When it is made, by the unit's clock on the wall.
const HOUR: NaiveTime = match NaiveTime::from_hms_opt(2, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

pub(crate) async fn set_nightly_plan(work: &mut Work, input: Input<SetNightlyPlan>) -> Result<NightlyPlan> {
    let new = input.body.as_ref();
    if !(0..=LONGEST_HORIZON).contains(&new.horizon_days) {
        let detail = format!("a plan looks 1 to {LONGEST_HORIZON} days ahead; 0 ends it");
        return Err(Problem::field("/horizon_days", detail).into());
    }
    reference::org_unit::require(work, new.org_unit_id, "/org_unit_id").await?;
    let asks = super::actor(work).await?.staff;
    let default_owner_id = default_owner(work, new.default_owner_id, asks).await?;
    let (_, calendar) = super::working_time(work, new.org_unit_id).await?;

    let revision = work.revise(storage::plan::subject(new.org_unit_id), input.if_match).await?;
    let plan = NightlyPlan {
        org_unit_id: new.org_unit_id,
        horizon_days: new.horizon_days,
        default_owner_id,
        next_at: next(&calendar, work.now()),
        revision,
    };
    storage::plan::put(work, &plan).await?;
    let detail = format!("{} days", plan.horizon_days);
    work.audit("action_plan.nightly", plan.org_unit_id, Some(&detail))?;
    Ok(plan)
}

/// Makes the nightly plan of a unit whose time has come. Doing it again does nothing.
pub(crate) async fn make_nightly(work: &mut Work, unit: OrgUnitId) -> Result<bool> {
    work.revise(storage::plan::subject(unit), None).await?;
    let Some(plan) = storage::plan::find(work, unit).await? else { return Ok(false) };
    let now = work.now();
    if plan.horizon_days == 0 || plan.next_at > now {
        return Ok(false);
    }
    let (_, calendar) = super::working_time(work, unit).await?;
    let order = Order {
        unit,
        date: calendar.date(now),
        horizon_days: plan.horizon_days,
        default_owner: plan.default_owner_id,
        made_by: None,
    };
    // What one run could not add is added by the next round, before the night is over.
    if !make(work, &order).await?.more {
        storage::plan::put(work, &NightlyPlan { next_at: next(&calendar, now), ..plan }).await?;
    }
    Ok(true)
}

/// The next two o'clock.
fn next(calendar: &WorkingTime, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = calendar.date(now);
    let tonight = calendar.at(today, HOUR);
    if tonight > now { tonight } else { calendar.at(today + Days::new(1), HOUR) }
}
