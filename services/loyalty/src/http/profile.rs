//! Profiles, and the scoring of the base.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    loyalty::{CustomerProfile, GetProfile, GetProfiles, ScoreBase},
    problem::Problem,
    section::BATCH_MAX,
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .read::<GetProfile, _>(get)
        .read::<GetProfiles, _>(batch)
        .command::<ScoreBase>(|work, input| Box::pin(app::score_base::score_base(work, input)))
}

async fn get(runtime: Arc<Runtime>, input: Input<GetProfile>) -> Result<CustomerProfile> {
    let (customer, scope) = (input.path.customer_id, input.caller.viewer.scope());
    let mut found = storage::profile::shown::profiles(&runtime.db, &[customer], &scope).await?;
    found.pop().ok_or_else(|| Problem::not_found("customer").into())
}

async fn batch(runtime: Arc<Runtime>, input: Input<GetProfiles>) -> Result<Vec<CustomerProfile>> {
    let ids = &input.body.customer_ids;
    if !(1..=BATCH_MAX).contains(&ids.len()) {
        return Err(Problem::field("/customer_ids", format!("1 to {BATCH_MAX} customers")).into());
    }
    storage::profile::shown::profiles(&runtime.db, ids, &input.caller.viewer.scope()).await
}
