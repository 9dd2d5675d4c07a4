//! What customers use up.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    loyalty::{ListSupplies, SetSupply, Supply},
    page::Page,
};

use super::lot::unless_unseen;
use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<SetSupply>(|work, input| Box::pin(app::set_supply::set_supply(work, input)))
        .read::<ListSupplies, _>(list)
}

async fn list(runtime: Arc<Runtime>, input: Input<ListSupplies>) -> Result<Page<Supply>> {
    let (customer, scope) = (input.path.customer_id, input.caller.viewer.scope());
    let now = runtime.clock.now();
    let page = storage::supply::page(&runtime.db, customer, &scope, &input.query, now).await?;
    unless_unseen(&runtime.db, customer, &scope, page).await
}
