//! Adds a person to the staff of a unit.

use kit::{Input, Result, Work};
use schema::{
    api::customer::{JoinStaff, Staff, StaffStatus},
    event::StaffJoined,
    ids::StaffId,
};

use crate::{
    domain::{
        code,
        person::{self, Mistakes},
    },
    storage,
};

pub(crate) async fn join_staff(work: &mut Work, input: Input<JoinStaff>) -> Result<Staff> {
    let new = &input.body;
    let mut mistakes = Mistakes::default();
    let name = person::name(&new.name, "/name", &mut mistakes);
    if !code::is_code(&new.code) {
        mistakes.add("/code", code::RULE);
    }
    mistakes.none_or_problem()?;
    reference::org_unit::require(work, new.org_unit_id, "/org_unit_id").await?;

    let id: StaffId = work.new_id();
    let revision = work.revise(id, None).await?;
    let (code, org_unit_id) = (new.code.clone(), new.org_unit_id);
    let status = StaffStatus::Active;
    let person = Staff { id, code, name, org_unit_id, status, successor_id: None, left_at: None, revision };
    storage::staff::put(work, &person).await?;
    work.tell::<StaffJoined>(id, revision, work.now(), &storage::staff::state(&person))?;
    work.audit("staff.join", id, None)?;
    Ok(person)
}
