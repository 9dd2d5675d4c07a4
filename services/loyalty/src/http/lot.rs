//! Lots of points, and how the tier came to be.

use std::sync::Arc;

use kit::{Db, Input, Result, Routes, Runtime};
use schema::{
    access::Scope,
    api::{
        loyalty::{ListLots, ListTierChanges, PointsLot, TierChange},
        page::Page,
        problem::Problem,
    },
    ids::CustomerId,
};

use crate::storage;

pub(super) fn mount(routes: Routes) -> Routes {
    routes.read::<ListLots, _>(lots).read::<ListTierChanges, _>(tier_changes)
}

async fn lots(runtime: Arc<Runtime>, input: Input<ListLots>) -> Result<Page<PointsLot>> {
    let (customer, scope) = (input.path.customer_id, input.caller.viewer.scope());
    let page = storage::lot::page(&runtime.db, customer, &scope, &input.query).await?;
    unless_unseen(&runtime.db, customer, &scope, page).await
}

async fn tier_changes(runtime: Arc<Runtime>, input: Input<ListTierChanges>) -> Result<Page<TierChange>> {
    let (customer, scope) = (input.path.customer_id, input.caller.viewer.scope());
    let page = storage::tier_step::page(&runtime.db, customer, &scope, &input.query).await?;
    unless_unseen(&runtime.db, customer, &scope, page).await
}

/// Of a customer in scope an empty page is the answer; of another it must look like no customer at all.
pub(super) async fn unless_unseen<T>(
    db: &Db,
    customer: CustomerId,
    scope: &Scope,
    page: Page<T>,
) -> Result<Page<T>> {
    if page.items.is_empty() && reference::customer::in_scope(db, &[customer], scope).await?.is_empty() {
        return Err(Problem::not_found("customer").into());
    }
    Ok(page)
}
