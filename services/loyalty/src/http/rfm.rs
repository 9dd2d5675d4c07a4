//! Recency, frequency and money.

use std::sync::Arc;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    loyalty::{GetRfm, GetRfmDistribution, Rfm, RfmDistribution},
    problem::Problem,
};

use crate::storage;

pub(super) fn mount(routes: Routes) -> Routes {
    routes.read::<GetRfm, _>(get).read::<GetRfmDistribution, _>(distribution)
}

async fn get(runtime: Arc<Runtime>, input: Input<GetRfm>) -> Result<Rfm> {
    let (customer, scope) = (input.path.customer_id, input.caller.viewer.scope());
    let as_of = as_of(input.query.as_of, runtime.clock.now())?;
    if reference::customer::in_scope(&runtime.db, &[customer], &scope).await?.is_empty() {
        return Err(Problem::not_found("customer").into());
    }
    storage::rfm::of_customer(&runtime.db, customer, &scope, &input.query.currency, as_of).await
}

async fn distribution(runtime: Arc<Runtime>, input: Input<GetRfmDistribution>) -> Result<RfmDistribution> {
    let as_of = as_of(input.query.as_of, runtime.clock.now())?;
    let scope = input.caller.viewer.scope();
    storage::rfm::distribution(&runtime.db, &scope, &input.query.currency, as_of).await
}

/// The day before which things count: tomorrow at the latest, so that what is not yet known is not scored.
fn as_of(wanted: Option<NaiveDate>, now: DateTime<Utc>) -> Result<NaiveDate, Problem> {
    let today = now.date_naive();
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    match wanted.unwrap_or(tomorrow) {
        day if day.year() >= 1900 && day <= tomorrow => Ok(day),
        _ => Err(Problem::field("/as_of", "a day from 1900 to tomorrow (UTC)")),
    }
}
