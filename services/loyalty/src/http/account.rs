//! Points accounts and their ledgers.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::{
    access::Scope,
    api::{
        loyalty::{GetAccount, GetLoyaltySections, ListPointsEntries, LoyaltyAccount, PointsEntry},
        page::Page,
        problem::Problem,
        section::Sections,
    },
};

use crate::storage;

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .read::<GetAccount, _>(get)
        .read::<ListPointsEntries, _>(entries)
        .read::<GetLoyaltySections, _>(sections)
}

async fn get(runtime: Arc<Runtime>, input: Input<GetAccount>) -> Result<LoyaltyAccount> {
    let (scope, as_of) = (input.caller.viewer.scope(), runtime.clock.now());
    let mut found = storage::account::sections(&runtime.db, &[input.path.customer_id], &scope, as_of).await?;
    found.pop().map(|one| one.section).ok_or_else(|| Problem::not_found("customer").into())
}

async fn entries(runtime: Arc<Runtime>, input: Input<ListPointsEntries>) -> Result<Page<PointsEntry>> {
    let (customer, scope) = (input.path.customer_id, input.caller.viewer.scope());
    let page = storage::ledger::page(&runtime.db, customer, &scope, &input.query).await?;
    // Of a customer in scope an empty page is the answer; of another it must look like no customer at all.
    if page.items.is_empty()
        && reference::customer::in_scope(&runtime.db, &[customer], &scope).await?.is_empty()
    {
        return Err(Problem::not_found("customer").into());
    }
    Ok(page)
}

async fn sections(
    runtime: Arc<Runtime>,
    input: Input<GetLoyaltySections>,
) -> Result<Sections<LoyaltyAccount>> {
    let (ids, as_of) = (input.body.ids()?, runtime.clock.now());
    let items = storage::account::sections(&runtime.db, ids, &Scope::Everything, as_of).await?;
    Ok(Sections { items })
}
