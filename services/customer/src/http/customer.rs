//! Customer files.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::{
    access::Scope,
    api::{
        customer::{
            AddContactPoint, AddServingUnit, ChangeCustomer, CustomerFile, FindByContact, GetCustomer,
            GetCustomers, GetFileSections, RegisterCustomer, RemoveContactPoint, UpdateProfilesInternally,
        },
        problem::Problem,
        section::{SectionOf, Sections, check_batch},
    },
};

use crate::{
    app,
    domain::contact::{self, Region},
    storage,
};

/// The most customers that share one contact and are shown.
const MATCHES_MAX: u32 = 50;

pub(super) fn mount(routes: Routes, region: Region) -> Routes {
    routes
        .command::<RegisterCustomer>(move |work, input| {
            Box::pin(app::register::register(work, input, region))
        })
        .command::<ChangeCustomer>(|work, input| Box::pin(app::change::change(work, input)))
        .command::<AddContactPoint>(move |work, input| {
            Box::pin(app::add_contact_point::add_contact_point(work, input, region))
        })
        .command::<RemoveContactPoint>(|work, input| {
            Box::pin(app::remove_contact_point::remove_contact_point(work, input))
        })
        .command::<AddServingUnit>(|work, input| {
            Box::pin(app::add_serving_unit::add_serving_unit(work, input))
        })
        .command::<UpdateProfilesInternally>(move |work, input| {
            Box::pin(app::update_profiles::update_profiles(work, input, region))
        })
        .read::<GetCustomer, _>(get)
        .read::<GetCustomers, _>(|runtime, input| async move {
            let ids = &input.body.customer_ids;
            check_batch(ids.len(), "/customer_ids")?;
            let today = runtime.clock.now().date_naive();
            storage::customer::files(&runtime.db, ids, &input.caller.viewer.scope(), today).await
        })
        .read::<FindByContact, _>(move |runtime, input| by_contact(runtime, input, region))
        .read::<GetFileSections, _>(sections)
}

async fn get(runtime: Arc<Runtime>, input: Input<GetCustomer>) -> Result<CustomerFile> {
    let scope = input.caller.viewer.scope();
    let today = runtime.clock.now().date_naive();
    let mut found = storage::customer::files(&runtime.db, &[input.path.customer_id], &scope, today).await?;
    found.pop().ok_or_else(|| Problem::not_found("customer").into())
}

async fn by_contact(
    runtime: Arc<Runtime>,
    input: Input<FindByContact>,
    region: Region,
) -> Result<Vec<CustomerFile>> {
    let value = contact::normalise(input.query.kind, &input.query.value, region)
        .map_err(|rule| Problem::field("/value", rule))?;
    let scope = input.caller.viewer.scope();
    let today = runtime.clock.now().date_naive();
    storage::customer::by_contact(&runtime.db, input.query.kind, &value, &scope, MATCHES_MAX, today).await
}

async fn sections(runtime: Arc<Runtime>, input: Input<GetFileSections>) -> Result<Sections<CustomerFile>> {
    let as_of = runtime.clock.now();
    let today = as_of.date_naive();
    let files = storage::customer::files(&runtime.db, input.body.ids()?, &Scope::Everything, today).await?;
    let item = |file: CustomerFile| SectionOf {
        customer_id: file.id,
        revision: file.revision,
        as_of,
        section: file,
    };
    Ok(Sections { items: files.into_iter().map(item).collect() })
}
