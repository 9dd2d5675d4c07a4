//! Tasks, and the action plans that they come from.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    interaction::{
        CancelTask, FinishTask, GetTask, ListActionPlan, ListTasks, MakeActionPlan, OpenTask, PlannedTask,
        ReassignTask, SetNightlyPlan, Task,
    },
    page::{self, Page},
    problem::Problem,
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<OpenTask>(|work, input| Box::pin(app::open_task::open_task(work, input)))
        .command::<ReassignTask>(|work, input| Box::pin(app::reassign_task::reassign_task(work, input)))
        .command::<FinishTask>(|work, input| Box::pin(app::finish_task::finish_task(work, input)))
        .command::<CancelTask>(|work, input| Box::pin(app::cancel_task::cancel_task(work, input)))
        .command::<MakeActionPlan>(|work, input| {
            Box::pin(app::make_action_plan::make_action_plan(work, input))
        })
        .command::<SetNightlyPlan>(|work, input| {
            Box::pin(app::set_nightly_plan::set_nightly_plan(work, input))
        })
        .read::<GetTask, _>(one)
        .read::<ListTasks, _>(list)
        .read::<ListActionPlan, _>(plan)
}

async fn one(runtime: Arc<Runtime>, input: Input<GetTask>) -> Result<Task> {
    let viewer = &input.caller.viewer;
    let mine = storage::staff::named_in(&runtime.db, viewer.staff.as_deref()).await?;
    let found = storage::task::get(&runtime.db, *input.path, mine, &viewer.scope()).await?;
    found.ok_or_else(|| Problem::not_found("task").into())
}

async fn list(runtime: Arc<Runtime>, input: Input<ListTasks>) -> Result<Page<Task>> {
    let (customer, after) = (input.path.customer_id, input.query.after.as_deref());
    let limit = page::limit(input.query.limit, page::LIMIT_MAX)?;
    let scope = input.caller.viewer.scope();
    let found = storage::task::page(&runtime.db, customer, after, limit, &scope).await?;
    found.ok_or_else(|| Problem::not_found("customer").into())
}

async fn plan(runtime: Arc<Runtime>, input: Input<ListActionPlan>) -> Result<Page<PlannedTask>> {
    let (asked, viewer) = (input.query.as_ref(), &input.caller.viewer);
    let limit = page::limit(asked.limit, page::LIMIT_MAX)?;
    let (organisation, scope) = (viewer.organisation(), viewer.scope());
    let found = storage::plan::page(&runtime.db, asked, limit, &organisation, &scope).await?;
    found.ok_or_else(|| Problem::not_found("unit").into())
}
