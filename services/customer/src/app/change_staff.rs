//! Changes a person's name or moves them to another unit.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{ChangeStaff, Staff},
        problem::Problem,
    },
    event::StaffChanged,
};

use crate::{
    domain::person::{self, Mistakes},
    storage,
};

pub(crate) async fn change_staff(work: &mut Work, input: Input<ChangeStaff>) -> Result<Staff> {
    let id = input.path.staff_id;
    let found = storage::staff::find(work, id, &super::organisation(work)).await?;
    let mut person = found.ok_or_else(|| Problem::not_found("member of staff"))?;
    if let Some(name) = &input.body.name {
        let mut mistakes = Mistakes::default();
        person.name = person::name(name, "/name", &mut mistakes);
        mistakes.none_or_problem()?;
    }
    if let Some(unit) = input.body.org_unit_id {
        super::require_unit(work, unit, "/org_unit_id").await?;
        person.org_unit_id = unit;
    }

    person.revision = work.revise(id, input.if_match).await?;
    storage::staff::put(work, &person).await?;
    work.tell::<StaffChanged>(id, person.revision, work.now(), &storage::staff::state(&person))?;
    work.audit("staff.change", id, None).await?;
    Ok(person)
}
