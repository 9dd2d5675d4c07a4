//! Creates a calendar of working time.

use kit::{Input, Result, Work};
use schema::api::{
    interaction::{Calendar, CreateCalendar},
    problem::{Code, Problem},
};

use crate::{domain, storage};

pub(crate) async fn create_calendar(work: &mut Work, input: Input<CreateCalendar>) -> Result<Calendar> {
    let new = input.body.as_ref();
    let mistakes = domain::calendar::mistakes(new);
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    if storage::calendar::is_code_taken(work, &new.code).await? {
        let detail = format!("there is a calendar with the code {}", new.code);
        return Err(Problem::new(Code::AlreadyExists, detail).into());
    }
    let id = work.new_id();
    let calendar = Calendar {
        id,
        code: new.code.clone(),
        time_zone: new.time_zone.clone(),
        week: new.week.clone(),
        holidays: new.holidays.clone(),
        special_days: new.special_days.clone(),
        revision: work.revise(id, input.if_match).await?,
    };
    storage::calendar::add(work, &calendar).await?;
    work.audit("calendar.create", id, Some(&calendar.code))?;
    Ok(calendar)
}
