//! Contacts and promises.

use kit::Routes;
use schema::api::{
    interaction::{GetContact, ListContacts, RecordContact, SettlePromise},
    page,
    problem::Problem,
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<RecordContact>(|work, input| Box::pin(app::record_contact::record_contact(work, input)))
        .command::<SettlePromise>(|work, input| Box::pin(app::settle_promise::settle_promise(work, input)))
        .read::<GetContact, _>(|runtime, input| async move {
            let scope = input.caller.viewer.scope();
            let found = storage::contact::get(&runtime.db, *input.path, &scope).await?;
            found.ok_or_else(|| Problem::not_found("contact").into())
        })
        .read::<ListContacts, _>(|runtime, input| async move {
            let (customer, after) = (input.path.customer_id, input.query.after.as_deref());
            let limit = page::limit(input.query.limit, page::LIMIT_MAX)?;
            let scope = input.caller.viewer.scope();
            let found = storage::contact::page(&runtime.db, customer, after, limit, &scope).await?;
            found.ok_or_else(|| Problem::not_found("customer").into())
        })
}
