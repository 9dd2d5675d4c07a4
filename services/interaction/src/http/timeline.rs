//! Timelines.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    interaction::{
        GetTimeline, GetTimelines, TimelineEntry, TimelineOf, TimelineQuery, TimelineWanted, TimelinesWanted,
    },
    page::{self, Page},
    problem::{FieldError, Problem},
    section::check_batch,
};
use schema::moment;

use crate::storage;

/// The most entries for each of several customers.
const EACH_MAX: u32 = 50;

pub(super) fn mount(routes: Routes) -> Routes {
    routes.read::<GetTimeline, _>(one).read::<GetTimelines, _>(many)
}

async fn one(runtime: Arc<Runtime>, input: Input<GetTimeline>) -> Result<Page<TimelineEntry>> {
    let (customer_id, asked) = (input.path.customer_id, input.query.as_ref());
    let limit = page::limit(asked.limit, page::LIMIT_MAX)?;
    let scope = input.caller.viewer.scope();
    let after = asked.after.clone();
    if *asked != (TimelineQuery { after: after.clone(), limit: asked.limit, ..TimelineQuery::default() }) {
        check_period(asked)?;
        let found = storage::timeline::filtered(&runtime.db, customer_id, asked, limit, &scope).await?;
        return found.ok_or_else(|| Problem::not_found("customer").into());
    }
    let wanted = TimelineWanted { customer_id, after };
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

/// Times that no database can compare are no filter.
fn check_period(asked: &TimelineQuery) -> Result<(), Problem> {
    let wrong = |(name, at): (&str, Option<DateTime<Utc>>)| {
        let detail = || "a time lies between the years 1900 and 9999".to_owned();
        at.is_some_and(|at| !moment::is_storable(at))
            .then(|| FieldError { pointer: format!("/{name}"), detail: detail() })
    };
    let mistakes: Vec<FieldError> =
        [("from", asked.from), ("until", asked.until)].into_iter().filter_map(wrong).collect();
    if mistakes.is_empty() { Ok(()) } else { Err(Problem::fields(mistakes)) }
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
