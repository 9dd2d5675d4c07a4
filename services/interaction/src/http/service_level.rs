//! How fast we were, what is late, and who missed what.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use kit::{Input, Result, Routes, Runtime};
use schema::{
    api::{
        interaction::{
            BreachesOf, CaseSummary, ListEscalations, ReportBreaches, ReportServiceLevels, ServiceLevels,
        },
        page::{self, Page},
        problem::Problem,
    },
    moment,
};

use crate::storage;

/// The longest period of a report.
const LONGEST: TimeDelta = TimeDelta::days(400);

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .read::<ReportServiceLevels, _>(levels)
        .read::<ReportBreaches, _>(breaches)
        .read::<ListEscalations, _>(escalations)
}

async fn levels(runtime: Arc<Runtime>, input: Input<ReportServiceLevels>) -> Result<ServiceLevels> {
    let (asked, viewer) = (input.query.as_ref(), &input.caller.viewer);
    check_period(asked.from, asked.to)?;
    let (now, organisation, scope) = (runtime.clock.now(), viewer.organisation(), viewer.scope());
    let found = storage::service_level::report(&runtime.db, asked, now, &organisation, &scope).await?;
    found.ok_or_else(|| Problem::not_found("unit").into())
}

async fn breaches(runtime: Arc<Runtime>, input: Input<ReportBreaches>) -> Result<Vec<BreachesOf>> {
    let (asked, viewer) = (input.query.as_ref(), &input.caller.viewer);
    check_period(asked.from, asked.to)?;
    let found = storage::breach::report(&runtime.db, asked, &viewer.organisation(), &viewer.scope()).await?;
    found.ok_or_else(|| Problem::not_found("unit").into())
}

async fn escalations(runtime: Arc<Runtime>, input: Input<ListEscalations>) -> Result<Page<CaseSummary>> {
    let (asked, viewer) = (input.query.as_ref(), &input.caller.viewer);
    let limit = page::limit(asked.limit, page::LIMIT_MAX)?;
    let (organisation, scope) = (viewer.organisation(), viewer.scope());
    let found = storage::case_clock::escalated(&runtime.db, asked, limit, &organisation, &scope).await?;
    found.ok_or_else(|| Problem::not_found("unit").into())
}

fn check_period(from: DateTime<Utc>, to: DateTime<Utc>) -> Result<(), Problem> {
    if moment::is_storable(from) && moment::is_storable(to) && from < to && to - from <= LONGEST {
        return Ok(());
    }
    let detail =
        "a period begins before it ends, is at most 400 days long, and lies between the years 1900 and 9999";
    Err(Problem::field("/to", detail))
}
