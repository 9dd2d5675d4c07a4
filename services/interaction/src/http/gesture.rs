//! Gestures, and who may give how much.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    interaction::{
        ApproveGesture, AskGesture, Gesture, GestureSpend, GetAuthorityMatrix, GetGesture,
        ListCustomerGestures, ListGestures, RefuseGesture, ReportGestures, ReverseGesture,
        SetAuthorityMatrix,
    },
    page::{self, Page},
    problem::Problem,
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<AskGesture>(|work, input| Box::pin(app::ask_gesture::ask_gesture(work, input)))
        .command::<ApproveGesture>(|work, input| Box::pin(app::approve_gesture::approve_gesture(work, input)))
        .command::<RefuseGesture>(|work, input| Box::pin(app::refuse_gesture::refuse_gesture(work, input)))
        .command::<ReverseGesture>(|work, input| Box::pin(app::reverse_gesture::reverse_gesture(work, input)))
        .command::<SetAuthorityMatrix>(|work, input| Box::pin(app::set_authority::set_authority(work, input)))
        .read::<GetAuthorityMatrix, _>(|runtime, _| async move { storage::authority::get(&runtime.db).await })
        .read::<GetGesture, _>(|runtime, input| async move {
            let scope = input.caller.viewer.scope();
            let found = storage::gesture::get(&runtime.db, *input.path, &scope).await?;
            found.ok_or_else(|| Problem::not_found("gesture").into())
        })
        .read::<ListCustomerGestures, _>(|runtime, input| async move {
            let (customer, after) = (input.path.customer_id, input.query.after.as_deref());
            let limit = page::limit(input.query.limit, page::LIMIT_MAX)?;
            let scope = input.caller.viewer.scope();
            let found = storage::gesture::of_customer(&runtime.db, customer, after, limit, &scope).await?;
            found.ok_or_else(|| Problem::not_found("customer").into())
        })
        .read::<ListGestures, _>(list)
        .read::<ReportGestures, _>(report)
}

async fn list(runtime: Arc<Runtime>, input: Input<ListGestures>) -> Result<Page<Gesture>> {
    let limit = page::limit(input.query.limit, page::LIMIT_MAX)?;
    storage::gesture::page(&runtime.db, &input.query, limit, &input.caller.viewer.scope()).await
}

async fn report(runtime: Arc<Runtime>, input: Input<ReportGestures>) -> Result<Page<GestureSpend>> {
    let limit = page::limit(input.query.limit, page::LIMIT_MAX)?;
    app::gesture::check_month(&input.query.month)?;
    let organisation = input.caller.viewer.organisation();
    storage::gesture::report(&runtime.db, &input.query, limit, &organisation).await
}
