//! Changes a unit's name.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{ChangeOrgUnit, OrgUnit},
        problem::Problem,
    },
    event::OrgUnitChanged,
};

use crate::{
    domain::person::{self, Mistakes},
    storage,
};

pub(crate) async fn change_org_unit(work: &mut Work, input: Input<ChangeOrgUnit>) -> Result<OrgUnit> {
    let mut mistakes = Mistakes::default();
    let name = person::name(&input.body.name, "/name", &mut mistakes);
    mistakes.none_or_problem()?;

    let id = input.path.org_unit_id;
    let found = storage::org_unit::find(work, id, &super::organisation(work)).await?;
    let unit = found.ok_or_else(|| Problem::not_found("organisation unit"))?;
    let unit = OrgUnit { name, revision: work.revise(id, input.if_match).await?, ..unit };
    storage::org_unit::put(work, &unit).await?;
    work.tell::<OrgUnitChanged>(id, unit.revision, work.now(), &storage::org_unit::state(&unit))?;
    work.audit("org_unit.change", id, None).await?;
    Ok(unit)
}
