//! Creates a unit under a parent.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{CreateOrgUnit, OrgUnit, OrgUnitKind, OrgUnitStatus},
        problem::Problem,
    },
    event::OrgUnitCreated,
    ids::OrgUnitId,
};

use crate::{
    domain::{
        code, outlet,
        person::{self, Mistakes},
    },
    storage,
};

pub(crate) async fn create_org_unit(work: &mut Work, input: Input<CreateOrgUnit>) -> Result<OrgUnit> {
    let new = &input.body;
    let mut mistakes = Mistakes::default();
    let name = person::name(&new.name, "/name", &mut mistakes);
    if !code::is_code(&new.code) {
        mistakes.add("/code", code::RULE);
    }
    if new.kind == OrgUnitKind::Headquarters {
        mistakes.add("/kind", "there is one head office already; create a company or an outlet");
    }
    let details = new.details.as_ref().map(|given| outlet::details(given, &mut mistakes));
    mistakes.none_or_problem()?;
    // The tree is looked at and changed as one: the unit above must not be closed meanwhile.
    work.exclusive("org_unit").await?;
    reference::org_unit::require(work, new.parent_id, "/parent_id").await?;
    super::require_open(work, new.parent_id).await?;
    if storage::org_unit::depth(work, new.parent_id).await? >= reference::org_unit::DEPTH_MAX {
        return Err(Problem::field("/parent_id", "the organisation would become too deep").into());
    }

    let id: OrgUnitId = work.new_id();
    let revision = work.revise(id, None).await?;
    let unit = OrgUnit {
        id,
        code: new.code.clone(),
        name,
        kind: new.kind,
        parent_id: Some(new.parent_id),
        status: OrgUnitStatus::Open,
        details: details.unwrap_or_default(),
        revision,
    };
    storage::org_unit::put(work, &unit).await?;
    work.tell::<OrgUnitCreated>(id, revision, work.now(), &storage::org_unit::state(&unit))?;
    work.audit("org_unit.create", id, None)?;
    Ok(unit)
}
