//! Timelines.

use std::{collections::BTreeSet, sync::Arc};

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    interaction::{
        GetTimeline, GetTimelines, TimelineEntry, TimelineOf, TimelineQuery, TimelineWanted, TimelinesWanted,
    },
    page::{self, Page},
    problem::{FieldError, Problem},
    section::check_batch,
};

use crate::storage;

/// The most entries for each of several customers.
const EACH_MAX: u32 = 50;

pub(super) fn mount(routes: Routes) -> Routes {
    routes.read::<GetTimeline, _>(one).read::<GetTimelines, _>(many)
}

async fn one(runtime: Arc<Runtime>, input: Input<GetTimeline>) -> Result<Page<TimelineEntry>> {
    let TimelineQuery { after, limit } = input.query.as_ref().clone();
    let limit = page::limit(limit, page::LIMIT_MAX)?;
    let wanted = TimelineWanted { customer_id: input.path.customer_id, after };
    let scope = input.caller.viewer.scope();
    let found = storage::timeline::pages(&runtime.db, &[wanted], limit, &scope).await?.pop();
    Ok(found.ok_or_else(|| Problem::not_found("customer"))?.page)
}

async fn many(runtime: Arc<Runtime>, input: Input<GetTimelines>) -> Result<Vec<TimelineOf>> {
    let TimelinesWanted { of, limit } = input.body.as_ref();
    let limit = page::limit(Some(*limit), EACH_MAX)?;
    check_batch(of.len(), "/of")?;
    check_once(of)?;
    storage::timeline::pages(&runtime.db, of, limit, &input.caller.viewer.scope()).await
}

/// Each customer at most once.
fn check_once(wanted: &[TimelineWanted]) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    let again = |(position, one): (usize, &TimelineWanted)| {
        let detail = || "each customer at most once".to_owned();
        let pointer = || format!("/of/{position}/customer_id");
        (!seen.insert(one.customer_id)).then(|| FieldError { pointer: pointer(), detail: detail() })
    };
    let twice: Vec<FieldError> = wanted.iter().enumerate().filter_map(again).collect();
    if twice.is_empty() { Ok(()) } else { Err(Problem::fields(twice)) }
}
