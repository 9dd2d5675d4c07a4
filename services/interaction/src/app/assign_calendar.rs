//! Says by which calendar a unit works, and so every unit below it that has none of its own.

use kit::{Input, Result, Work};
use schema::api::{
    interaction::{AssignCalendar, UnitCalendar},
    problem::Problem,
};

use crate::storage;

pub(crate) async fn assign_calendar(work: &mut Work, input: Input<AssignCalendar>) -> Result<UnitCalendar> {
    let (calendar_id, org_unit_id) = (input.path.calendar_id, input.body.org_unit_id);
    storage::calendar::find(work, calendar_id).await?.ok_or_else(|| Problem::not_found("calendar"))?;
    reference::org_unit::require(work, org_unit_id, "/org_unit_id").await?;
    work.revise(calendar_id, input.if_match).await?;
    storage::calendar::assign(work, org_unit_id, calendar_id).await?;
    work.audit("calendar.assign", calendar_id, Some(&org_unit_id.to_string()))?;
    Ok(UnitCalendar { org_unit_id, calendar_id })
}
