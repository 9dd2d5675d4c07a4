//! Changes a unit's name or its entry in the outlet register.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{ChangeOrgUnit, OrgUnit},
        problem::Problem,
    },
    event::OrgUnitChanged,
};

use crate::{
    domain::{
        outlet,
        person::{self, Mistakes},
    },
    storage,
};

pub(crate) async fn change_org_unit(work: &mut Work, input: Input<ChangeOrgUnit>) -> Result<OrgUnit> {
    let mut mistakes = Mistakes::default();
    let name = input.body.name.as_ref().map(|name| person::name(name, "/name", &mut mistakes));
    let details = input.body.details.as_ref().map(|given| outlet::details(given, &mut mistakes));
    mistakes.none_or_problem()?;

    let id = input.path.org_unit_id;
    let missing = || Problem::not_found("organisation unit");
    let organisation = reference::org_unit::reach(work);
    // Before the revision, as whoever moves or closes a unit does.
    work.exclusive("org_unit").await?;
    let held = storage::org_unit::find(work, id, &organisation).await?.ok_or_else(missing)?;
    let unit = OrgUnit {
        name: name.unwrap_or(held.name),
        details: details.unwrap_or(held.details),
        revision: work.revise(id, input.if_match).await?,
        ..held
    };
    storage::org_unit::put(work, &unit).await?;
    work.tell::<OrgUnitChanged>(id, unit.revision, work.now(), &storage::org_unit::state(&unit))?;
    work.audit("org_unit.change", id, None)?;
    Ok(unit)
}
