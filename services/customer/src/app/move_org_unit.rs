//! Moves a unit, with all below it, under another parent: one row, one event, and who sees what changes.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{MoveOrgUnit, OrgUnit, OrgUnitKind},
        problem::Problem,
    },
    event::OrgUnitMoved,
};

use crate::storage;

pub(crate) async fn move_org_unit(work: &mut Work, input: Input<MoveOrgUnit>) -> Result<OrgUnit> {
    let (id, parent) = (input.path.org_unit_id, input.body.parent_id);
    // The tree is looked at and changed as one: two moves at once could make a circle.
    work.exclusive("org_unit").await?;
    let found = storage::org_unit::find(work, id, &reference::org_unit::reach(work)).await?;
    let unit = found.ok_or_else(|| Problem::not_found("organisation unit"))?;
    reference::org_unit::require(work, parent, "/parent_id").await?;
    super::require_open(work, parent).await?;
    if unit.kind == OrgUnitKind::Headquarters {
        return Err(Problem::field("/parent_id", "the head office is the root and cannot be moved").into());
    }
    if storage::org_unit::is_below(work, parent, id).await? {
        return Err(Problem::field("/parent_id", "a unit cannot be moved below itself").into());
    }
    if storage::org_unit::depth(work, parent).await? >= reference::org_unit::DEPTH_MAX {
        return Err(Problem::field("/parent_id", "the organisation would become too deep").into());
    }

    let revision = work.revise(id, input.if_match).await?;
    let unit = OrgUnit { parent_id: Some(parent), revision, ..unit };
    storage::org_unit::put(work, &unit).await?;
    work.tell::<OrgUnitMoved>(id, revision, work.now(), &storage::org_unit::state(&unit))?;
    work.audit("org_unit.move", id, None)?;
    Ok(unit)
}
