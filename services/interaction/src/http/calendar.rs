//! Calendars and service standards.

use kit::Routes;
use schema::api::{
    interaction::{
        AssignCalendar, ChangeCalendar, CreateCalendar, GetCalendar, ListCalendars, ListStandards,
        SetStandard,
    },
    page,
    problem::Problem,
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<CreateCalendar>(|work, input| Box::pin(app::create_calendar::create_calendar(work, input)))
        .command::<ChangeCalendar>(|work, input| Box::pin(app::change_calendar::change_calendar(work, input)))
        .command::<AssignCalendar>(|work, input| Box::pin(app::assign_calendar::assign_calendar(work, input)))
        .command::<SetStandard>(|work, input| Box::pin(app::set_standard::set_standard(work, input)))
        .read::<GetCalendar, _>(|runtime, input| async move {
            let found = storage::calendar::get(&runtime.db, input.path.calendar_id).await?;
            found.ok_or_else(|| Problem::not_found("calendar").into())
        })
        .read::<ListCalendars, _>(|runtime, input| async move {
            let limit = page::limit(input.query.limit, page::LIMIT_MAX)?;
            storage::calendar::page(&runtime.db, input.query.after.as_deref(), limit).await
        })
        .read::<ListStandards, _>(|runtime, input| async move {
            let limit = page::limit(input.query.limit, page::LIMIT_MAX)?;
            storage::standard::page(&runtime.db, input.query.after.as_deref(), limit).await
        })
}
