//! Points that are spent in two steps, gestures, and opening balances.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    loyalty::{
        CancelHold, ConfirmHold, EnterOpeningBalances, EnterOpeningBalancesInternally, GrantGoodwill,
        HoldPoints, ListHolds, PointsHold,
    },
    page::Page,
    problem::Problem,
};

use crate::{
    app::{self, enter_opening_balances::enter_opening_balances},
    storage,
};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<HoldPoints>(|work, input| Box::pin(app::hold_points::hold_points(work, input)))
        .command::<ConfirmHold>(|work, input| Box::pin(app::confirm_hold::confirm_hold(work, input)))
        .command::<CancelHold>(|work, input| Box::pin(app::cancel_hold::cancel_hold(work, input)))
        .command::<GrantGoodwill>(|work, input| Box::pin(app::grant_goodwill::grant_goodwill(work, input)))
        .batch::<EnterOpeningBalances>(|work, batch| {
            Box::pin(async move { enter_opening_balances(work, &batch).await })
        })
        .batch::<EnterOpeningBalancesInternally>(|work, batch| {
            Box::pin(async move { enter_opening_balances(work, &batch).await })
        })
        .read::<ListHolds, _>(list)
}

async fn list(runtime: Arc<Runtime>, input: Input<ListHolds>) -> Result<Page<PointsHold>> {
    let (customer, scope) = (input.path.customer_id, input.caller.viewer.scope());
    let page = storage::hold::page(&runtime.db, customer, &scope, &input.query, runtime.clock.now()).await?;
    // Of a customer in scope an empty page is the answer; of another it must look like no customer at all.
    if page.items.is_empty()
        && reference::customer::in_scope(&runtime.db, &[customer], &scope).await?.is_empty()
    {
        return Err(Problem::not_found("customer").into());
    }
    Ok(page)
}
