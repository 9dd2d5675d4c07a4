//! Changes a person's name or moves them to another unit.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{ChangeStaff, Staff},
        problem::{Code, Problem},
    },
    event::StaffChanged,
};

use crate::{
    domain::{
        person::{self, Mistakes},
        staff::{self, Step},
    },
    storage,
};

pub(crate) async fn change_staff(work: &mut Work, input: Input<ChangeStaff>) -> Result<Staff> {
    let id = input.path.staff_id;
    let mut mistakes = Mistakes::default();
    let name = input.body.name.as_ref().map(|name| person::name(name, "/name", &mut mistakes));
    mistakes.none_or_problem()?;
    let missing = || Problem::not_found("member of staff");
    let organisation = reference::org_unit::reach(work);
    if storage::staff::find(work, id, &organisation).await?.is_none() {
        return Err(missing().into());
    }
    if let Some(unit) = input.body.org_unit_id {
        reference::org_unit::require(work, unit, "/org_unit_id").await?;
    }

    let revision = work.revise(id, input.if_match).await?;
    let held = storage::staff::find(work, id, &organisation).await?.ok_or_else(missing)?;
    let status = staff::step(held.status, Step::Change).map_err(|rule| Problem::new(Code::Conflict, rule))?;
    let person = Staff {
        name: name.unwrap_or(held.name),
        org_unit_id: input.body.org_unit_id.unwrap_or(held.org_unit_id),
        status,
        revision,
        ..held
    };
    storage::staff::put(work, &person).await?;
    work.tell::<StaffChanged>(id, revision, work.now(), &storage::staff::state(&person))?;
    work.audit("staff.change", id, None)?;
    Ok(person)
}
