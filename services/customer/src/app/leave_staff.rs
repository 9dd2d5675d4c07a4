//! Lets somebody go, and names who takes over what they answered for.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{LeaveStaff, Staff, StaffStatus},
        problem::{Code, Problem},
    },
    event::{StaffLeft, customer},
};

use crate::{
    domain::staff::{self, Step},
    storage,
};

pub(crate) async fn leave_staff(work: &mut Work, input: Input<LeaveStaff>) -> Result<Staff> {
    let (id, successor_id) = (input.path.staff_id, input.body.successor_id);
    if successor_id == id {
        return Err(
            Problem::field("/successor_id", "nobody takes over from themselves; name a colleague").into()
        );
    }
    // Two who leave at once must not name each other.
    work.exclusive("staff").await?;
    let missing = || Problem::not_found("member of staff");
    let organisation = reference::org_unit::reach(work);
    if storage::staff::find(work, id, &organisation).await?.is_none() {
        return Err(missing().into());
    }
    let successor = storage::staff::find(work, successor_id, &organisation).await?;
    if successor.is_none_or(|one| one.status != StaffStatus::Active) {
        let rule = "nobody with this id works for us within your scope; name somebody who does";
        return Err(Problem::field("/successor_id", rule).into());
    }
    let revision = work.revise(id, input.if_match).await?;
    let person = storage::staff::find(work, id, &organisation).await?.ok_or_else(missing)?;
    let status =
        staff::step(person.status, Step::Leave).map_err(|rule| Problem::new(Code::Conflict, rule))?;
    let person =
        Staff { status, successor_id: Some(successor_id), left_at: Some(work.now()), revision, ..person };
    storage::staff::put(work, &person).await?;
    let left = customer::StaffLeft {
        staff_id: id,
        code: person.code.clone(),
        org_unit_id: person.org_unit_id,
        status,
        successor_id,
    };
    work.tell::<StaffLeft>(id, revision, work.now(), &left)?;
    work.audit("staff.leave", id, None)?;
    Ok(person)
}
