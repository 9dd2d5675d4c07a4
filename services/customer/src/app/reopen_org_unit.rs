//! Opens a closed unit again, when the one above it is open.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{OrgUnit, OrgUnitKind, ReopenOrgUnit},
        problem::{Code, Problem},
    },
    event::OrgUnitChanged,
    ids::OrgUnitId,
};

use crate::{
    domain::org_unit::{self, Around, Step},
    storage,
};

pub(crate) async fn reopen_org_unit(work: &mut Work, input: Input<ReopenOrgUnit>) -> Result<OrgUnit> {
    turn(work, input.path.org_unit_id, input.if_match, Step::Reopen).await
}

/// Opens or closes a unit.
pub(super) async fn turn(
    work: &mut Work,
    id: OrgUnitId,
    if_match: Option<i64>,
    step: Step,
) -> Result<OrgUnit> {
    // What stands around it is looked at and changed as one.
    work.exclusive("org_unit").await?;
    let found = storage::org_unit::find(work, id, &reference::org_unit::reach(work)).await?;
    let unit = found.ok_or_else(|| Problem::not_found("organisation unit"))?;
    let revision = work.revise(id, if_match).await?;
    let around = Around {
        is_root: unit.kind == OrgUnitKind::Headquarters,
        is_parent_open: match unit.parent_id {
            Some(parent) => storage::org_unit::is_open(work, parent).await?,
            None => true,
        },
        has_open_child: storage::org_unit::has_open_child(work, id).await?,
    };
    let status =
        org_unit::step(unit.status, step, around).map_err(|rule| Problem::new(Code::Conflict, rule))?;
    let unit = OrgUnit { status, revision, ..unit };
    storage::org_unit::put(work, &unit).await?;
    work.tell::<OrgUnitChanged>(id, revision, work.now(), &storage::org_unit::state(&unit))?;
    let action = match step {
        Step::Close => "org_unit.close",
        Step::Reopen => "org_unit.reopen",
    };
    work.audit(action, id, None)?;
    Ok(unit)
}
