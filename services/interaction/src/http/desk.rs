//! A person's desk, and what a unit's cases came to.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::{
    access::Viewer,
    api::{
        interaction::{CaseReport, Desk, DeskItem, GetDesk, GetDeskItems, ReportCases},
        page::{self, Page},
        problem::{Code, Problem},
    },
    ids::StaffId,
    moment,
};

use crate::storage;

pub(super) fn mount(routes: Routes) -> Routes {
    routes.read::<GetDesk, _>(desk).read::<GetDeskItems, _>(items).read::<ReportCases, _>(report)
}

async fn desk(runtime: Arc<Runtime>, input: Input<GetDesk>) -> Result<Desk> {
    let (asked, viewer) = (input.query.as_ref(), &input.caller.viewer);
    let limit = page::limit(asked.limit, page::LIMIT_MAX)?;
    let staff = whose(&runtime, viewer).await?;
    let after = asked.after.as_deref();
    storage::desk::of(&runtime.db, staff, asked.role, after, limit, &viewer.scope()).await
}

async fn items(runtime: Arc<Runtime>, input: Input<GetDeskItems>) -> Result<Page<DeskItem>> {
    let (asked, viewer) = (input.query.as_ref(), &input.caller.viewer);
    let limit = page::limit(asked.limit, page::LIMIT_MAX)?;
    let staff = whose(&runtime, viewer).await?;
    storage::owed::desk(&runtime.db, staff, asked.after.as_deref(), limit, &viewer.scope()).await
}

/// Whose desk it is.
async fn whose(runtime: &Runtime, viewer: &Viewer) -> Result<StaffId> {
    let staff = storage::staff::named_in(&runtime.db, viewer.staff.as_deref()).await?;
    let nobody = "your token names nobody who works for us, so you have no desk";
    staff.ok_or_else(|| Problem::new(Code::Forbidden, nobody).into())
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
