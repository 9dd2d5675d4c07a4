//! Timelines.

use std::{collections::BTreeSet, sync::Arc};

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    interaction::{
        GetTimeline, GetTimelines, TimelineEntry, TimelineOf, TimelineQuery, TimelineWanted, TimelinesWanted,
    },
    page::{self, Page},
    problem::{FieldError, Problem},
    section::BATCH_MAX,
};

use crate::storage;

/// The most entries for each of several customers.
const EACH_MAX: u32 = 50;

pub(super) fn mount(routes: Routes) -> Routes {
    routes.read::<GetTimeline, _>(one).read::<GetTimelines, _>(many)
}

async fn one(runtime: Arc<Runtime>, input: Input<GetTimeline>) -> Result<Page<TimelineEntry>> {
    let TimelineQuery { after, limit } = input.query.as_ref().clone();
    let limit = limit.unwrap_or(page::LIMIT_DEFAULT);
    check_limit(limit, page::LIMIT_MAX)?;
    let wanted = TimelineWanted { customer_id: input.path.customer_id, after };
    let scope = input.caller.viewer.scope();
    let found = storage::timeline::pages(&runtime.db, &[wanted], limit, &scope).await?.pop();
    Ok(found.ok_or_else(|| Problem::not_found("customer"))?.page)
}

async fn many(runtime: Arc<Runtime>, input: Input<GetTimelines>) -> Result<Vec<TimelineOf>> {
    let TimelinesWanted { of, limit } = input.body.as_ref();
    check_limit(*limit, EACH_MAX)?;
    check_batch(of)?;
    storage::timeline::pages(&runtime.db, of, *limit, &input.caller.viewer.scope()).await
}

fn check_limit(limit: u32, most: u32) -> Result<(), Problem> {
    if (1..=most).contains(&limit) {
        return Ok(());
    }
    Err(Problem::field("/limit", format!("a page has 1 to {most} items")))
}

/// Not too many, and each customer at most once.
fn check_batch(wanted: &[TimelineWanted]) -> Result<(), Problem> {
    if wanted.len() > BATCH_MAX {
        return Err(Problem::field("/of", format!("at most {BATCH_MAX} customers at once")));
    }
    let mut seen = BTreeSet::new();
    let again = |(position, one): (usize, &TimelineWanted)| {
        let detail = || "each customer at most once".to_owned();
        let pointer = || format!("/of/{position}/customer_id");
        (!seen.insert(one.customer_id)).then(|| FieldError { pointer: pointer(), detail: detail() })
    };
    let twice: Vec<FieldError> = wanted.iter().enumerate().filter_map(again).collect();
    if twice.is_empty() { Ok(()) } else { Err(Problem::fields(twice)) }
}
