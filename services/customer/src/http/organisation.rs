//! Units, the outlet register and staff.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    customer::{
        ChangeOrgUnit, ChangeStaff, CloseOrgUnit, CreateOrgUnit, FindNearestOutlets, JoinStaff, LeaveStaff,
        ListOrgUnits, ListStaff, MoveOrgUnit, OutletNearby, ReopenOrgUnit, UnitCoordinates,
    },
    page,
};

use crate::{
    app,
    domain::{code, outlet, person::Mistakes},
    storage,
};

/// The most outlets of one answer.
const NEAREST_MAX: u32 = 50;
/// The outlets of an answer when the caller does not say.
const NEAREST_DEFAULT: u32 = 10;

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<CreateOrgUnit>(|work, input| Box::pin(app::create_org_unit::create_org_unit(work, input)))
        .command::<ChangeOrgUnit>(|work, input| Box::pin(app::change_org_unit::change_org_unit(work, input)))
        .command::<MoveOrgUnit>(|work, input| Box::pin(app::move_org_unit::move_org_unit(work, input)))
        .command::<CloseOrgUnit>(|work, input| Box::pin(app::close_org_unit::close_org_unit(work, input)))
        .command::<ReopenOrgUnit>(|work, input| Box::pin(app::reopen_org_unit::reopen_org_unit(work, input)))
        .read::<FindNearestOutlets, _>(nearest)
        .read::<ListOrgUnits, _>(|runtime, input| async move {
            storage::org_unit::list(&runtime.db, &input.caller.viewer.organisation(), &input.query).await
        })
        .command::<JoinStaff>(|work, input| Box::pin(app::join_staff::join_staff(work, input)))
        .command::<ChangeStaff>(|work, input| Box::pin(app::change_staff::change_staff(work, input)))
        .command::<LeaveStaff>(|work, input| Box::pin(app::leave_staff::leave_staff(work, input)))
        .read::<ListStaff, _>(|runtime, input| async move {
            storage::staff::list(&runtime.db, &input.caller.viewer.organisation(), &input.query).await
        })
}

async fn nearest(runtime: Arc<Runtime>, input: Input<FindNearestOutlets>) -> Result<Vec<OutletNearby>> {
    let (query, reach) = (&input.query, input.caller.viewer.organisation());
    let limit = page::limit(Some(query.limit.unwrap_or(NEAREST_DEFAULT)), NEAREST_MAX)?;
    let near =
        UnitCoordinates { latitude_micro: query.latitude_micro, longitude_micro: query.longitude_micro };
    let mut mistakes = Mistakes::default();
    outlet::coordinates(near, "", &mut mistakes);
    let service = query.service.as_deref();
    if service.is_some_and(|service| !code::is_code(service)) {
        mistakes.add("/service", code::RULE);
    }
    mistakes.none_or_problem()?;
    storage::outlet::nearest(&runtime.db, &reach, near, service, limit as usize).await
}
