//! A person's desk, and what a unit's cases came to.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::{
    api::{
        interaction::{CaseReport, Desk, GetDesk, ReportCases},
        page,
        problem::{Code, Problem},
    },
    moment,
};

use crate::storage;

pub(super) fn mount(routes: Routes) -> Routes {
    routes.read::<GetDesk, _>(desk).read::<ReportCases, _>(report)
}

async fn desk(runtime: Arc<Runtime>, input: Input<GetDesk>) -> Result<Desk> {
    let (asked, viewer) = (input.query.as_ref(), &input.caller.viewer);
    let limit = page::limit(asked.limit, page::LIMIT_MAX)?;
    let staff = storage::staff::named_in(&runtime.db, viewer.staff.as_deref()).await?;
    let nobody = "your token names nobody who works for us, so you have no desk";
    let staff = staff.ok_or_else(|| Problem::new(Code::Forbidden, nobody))?;
    let after = asked.after.as_deref();
    storage::desk::of(&runtime.db, staff, asked.role, after, limit, &viewer.scope()).await
}

async fn report(runtime: Arc<Runtime>, input: Input<ReportCases>) -> Result<CaseReport> {
    let (asked, viewer) = (input.query.as_ref(), &input.caller.viewer);
    if !moment::is_storable(asked.from) || !moment::is_storable(asked.to) || asked.from >= asked.to {
        let detail = "a period begins before it ends, and lies between the years 1900 and 9999";
        return Err(Problem::field("/to", detail).into());
    }
    let found = storage::desk::report(&runtime.db, asked, &viewer.organisation(), &viewer.scope()).await?;
    found.ok_or_else(|| Problem::not_found("unit").into())
}
