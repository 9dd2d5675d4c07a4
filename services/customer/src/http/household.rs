//! Households.

use kit::Routes;
use schema::api::{
    customer::{CreateHousehold, DissolveHousehold, GetHousehold, JoinHousehold, LeaveHousehold},
    problem::Problem,
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<CreateHousehold>(|work, input| {
            Box::pin(app::create_household::create_household(work, input))
        })
        .read::<GetHousehold, _>(|runtime, input| async move {
            let scope = input.caller.viewer.scope();
            let found = storage::household::find(runtime.db.read(), input.path.household_id, &scope).await?;
            found.ok_or_else(|| Problem::not_found("household").into())
        })
        .command::<JoinHousehold>(|work, input| Box::pin(app::join_household::join_household(work, input)))
        .command::<LeaveHousehold>(|work, input| Box::pin(app::leave_household::leave_household(work, input)))
        .command::<DissolveHousehold>(|work, input| {
            Box::pin(app::dissolve_household::dissolve_household(work, input))
        })
}
