//! Changes a calendar. Due times that were computed from it stay: they were promised. Whoever changes it
//! leads every unit that works by it.

use kit::{Input, Result, Work};
use schema::api::{
    interaction::{Calendar, ChangeCalendar, NewCalendar},
    problem::{Code, Problem},
};

use crate::{domain, storage};

pub(crate) async fn change_calendar(work: &mut Work, input: Input<ChangeCalendar>) -> Result<Calendar> {
    let (id, change) = (input.path.calendar_id, input.body.as_ref());
    let missing = || Problem::not_found("calendar");
    storage::calendar::find(work, id).await?.ok_or_else(missing)?;
    if storage::calendar::is_used_outside(work, id, &reference::org_unit::reach(work)).await? {
        let detail =
            "units outside of your part of the organisation work by this calendar; create one of your own";
        return Err(Problem::new(Code::Forbidden, detail).into());
    }
    let revision = work.revise(id, input.if_match).await?;
    let held = storage::calendar::find(work, id).await?.ok_or_else(missing)?;
    let told = NewCalendar {
        code: held.code,
        time_zone: change.time_zone.clone().unwrap_or(held.time_zone),
        week: change.week.clone().unwrap_or(held.week),
        holidays: change.holidays.clone().unwrap_or(held.holidays),
        special_days: change.special_days.clone().unwrap_or(held.special_days),
    };
    let mistakes = domain::calendar::mistakes(&told);
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    let calendar = Calendar {
        id,
        code: told.code,
        time_zone: told.time_zone,
        week: told.week,
        holidays: told.holidays,
        special_days: told.special_days,
        revision,
    };
    storage::calendar::put(work, &calendar).await?;
    work.audit("calendar.change", id, Some(&calendar.code))?;
    Ok(calendar)
}
