//! Cases and every step that they can take.

use kit::Routes;
use schema::api::{
    interaction::{
        AcceptCase, CloseCase, DeclineCase, GetCase, ListCases, NameAccountable, OfferCase, OpenCase,
        ReopenCase, ResolveCase, RespondToCase,
    },
    page,
    problem::Problem,
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<OpenCase>(|work, input| Box::pin(app::open_case::open_case(work, input)))
        .command::<OfferCase>(|work, input| Box::pin(app::offer_case::offer_case(work, input)))
        .command::<AcceptCase>(|work, input| Box::pin(app::accept_case::accept_case(work, input)))
        .command::<DeclineCase>(|work, input| Box::pin(app::decline_case::decline_case(work, input)))
        .command::<RespondToCase>(|work, input| Box::pin(app::respond_to_case::respond_to_case(work, input)))
        .command::<ResolveCase>(|work, input| Box::pin(app::resolve_case::resolve_case(work, input)))
        .command::<CloseCase>(|work, input| Box::pin(app::close_case::close_case(work, input)))
        .command::<ReopenCase>(|work, input| Box::pin(app::reopen_case::reopen_case(work, input)))
        .command::<NameAccountable>(|work, input| {
            Box::pin(app::name_accountable::name_accountable(work, input))
        })
        .read::<GetCase, _>(|runtime, input| async move {
            let scope = input.caller.viewer.scope();
            let found = storage::case::get(&runtime.db, *input.path, &scope).await?;
            found.ok_or_else(|| Problem::not_found("case").into())
        })
        .read::<ListCases, _>(|runtime, input| async move {
            let (customer, after) = (input.path.customer_id, input.query.after.as_deref());
            let limit = page::limit(input.query.limit, page::LIMIT_MAX)?;
            let scope = input.caller.viewer.scope();
            let found = storage::case::page(&runtime.db, customer, after, limit, &scope).await?;
            found.ok_or_else(|| Problem::not_found("customer").into())
        })
}
