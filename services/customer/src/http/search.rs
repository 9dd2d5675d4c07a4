//! Searching customers, finding one by what another system calls them, and all of them as a file.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::{
    access::{Class, Level},
    api::{
        customer::{
            AddExternalId, CustomerFile, ExportCustomers, FindByExternalId, RemoveExternalId, SearchCustomers,
        },
        page::Page,
        problem::{Code, Problem},
    },
};

use crate::{
    app,
    storage::{self, search::Order},
};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<AddExternalId>(|work, input| Box::pin(app::add_external_id::add_external_id(work, input)))
        .command::<RemoveExternalId>(|work, input| {
            Box::pin(app::remove_external_id::remove_external_id(work, input))
        })
        .read::<FindByExternalId, _>(by_external_id)
        .read::<SearchCustomers, _>(search)
        .download::<ExportCustomers, _>(app::export_customers::export_customers)
}

async fn by_external_id(runtime: Arc<Runtime>, input: Input<FindByExternalId>) -> Result<CustomerFile> {
    let (query, scope) = (&input.query, input.caller.viewer.scope());
    let missing = || Problem::not_found("customer");
    let found = storage::external_id::find(&runtime.db, &query.system, query.value.trim(), &scope).await?;
    let id = found.ok_or_else(missing)?;
    let today = runtime.clock.now().date_naive();
    let mut files = storage::customer::files(&runtime.db, &[id], &scope, today).await?;
    files.pop().ok_or_else(|| missing().into())
}

async fn search(runtime: Arc<Runtime>, input: Input<SearchCustomers>) -> Result<Page<CustomerFile>> {
    let (viewer, filter) = (&input.caller.viewer, &input.query);
    if filter.external_value.is_some() && filter.external_system.is_none() {
        return Err(Problem::field("/external_system", "name the system that the id is of").into());
    }
    // Finding by a name or an id tells it, and so does the cursor of a list in the order of names.
    let order = match viewer.level(Class::Identity) {
        Level::Whole => Order::Name,
        Level::Masked | Level::None if filter.name.is_some() => {
            let detail = "your roles see names masked, so you cannot search by name";
            return Err(Problem::new(Code::Forbidden, detail).into());
        }
        Level::Masked | Level::None if filter.external_value.is_some() => {
            let detail = "your roles see external ids masked, so you cannot search by one";
            return Err(Problem::new(Code::Forbidden, detail).into());
        }
        Level::Masked | Level::None => Order::Id,
    };
    let today = runtime.clock.now().date_naive();
    storage::search::search(&runtime.db, &viewer.scope(), filter, order, today).await
}
