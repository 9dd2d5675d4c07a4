//! Units and staff.

use kit::Routes;
use schema::api::customer::{
    ChangeOrgUnit, ChangeStaff, CreateOrgUnit, JoinStaff, ListOrgUnits, ListStaff, MoveOrgUnit,
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<CreateOrgUnit>(|work, input| Box::pin(app::create_org_unit::create_org_unit(work, input)))
        .command::<ChangeOrgUnit>(|work, input| Box::pin(app::change_org_unit::change_org_unit(work, input)))
        .command::<MoveOrgUnit>(|work, input| Box::pin(app::move_org_unit::move_org_unit(work, input)))
        .read::<ListOrgUnits, _>(|runtime, input| async move {
            storage::org_unit::list(&runtime.db, &input.caller.viewer.organisation(), &input.query).await
        })
        .command::<JoinStaff>(|work, input| Box::pin(app::join_staff::join_staff(work, input)))
        .command::<ChangeStaff>(|work, input| Box::pin(app::change_staff::change_staff(work, input)))
        .read::<ListStaff, _>(|runtime, input| async move {
            storage::staff::list(&runtime.db, &input.caller.viewer.organisation(), &input.query).await
        })
}
