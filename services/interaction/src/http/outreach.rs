//! Outreach: what was decided, whether a customer may be reached, and the policy.

use kit::Routes;
use schema::api::{
    interaction::{
        ChangeOutreachPolicy, CheckReach, GetOutreachPolicy, ListOutreaches, ListOutreachesToSend,
        MarkOutreachSent,
    },
    page,
    problem::Problem,
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .read::<ListOutreaches, _>(|runtime, input| async move {
            let (customer, after) = (input.path.customer_id, input.query.after.as_deref());
            let limit = page::limit(input.query.limit, page::LIMIT_MAX)?;
            let scope = input.caller.viewer.scope();
            let found = storage::outreach::page(&runtime.db, customer, after, limit, &scope).await?;
            found.ok_or_else(|| Problem::not_found("customer").into())
        })
        .read::<ListOutreachesToSend, _>(|runtime, input| async move {
            let (scope, now) = (input.caller.viewer.scope(), runtime.clock.now());
            storage::outreach_notice::to_send(&runtime.db, &scope, &input.query, now).await
        })
        .command::<MarkOutreachSent>(|work, input| {
            Box::pin(app::mark_outreach_sent::mark_outreach_sent(work, input))
        })
        .read::<CheckReach, _>(|runtime, input| async move {
            let scope = input.caller.viewer.scope();
            app::reach::look(&runtime, input.path.customer_id, &input.query, &scope).await
        })
        .read::<GetOutreachPolicy, _>(
            |runtime, _| async move { storage::outreach::get_policy(&runtime.db).await },
        )
        .command::<ChangeOutreachPolicy>(|work, input| {
            Box::pin(app::change_outreach_policy::change_outreach_policy(work, input))
        })
}
