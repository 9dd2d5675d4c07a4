//! Commands, one a file: the decision, seen whole.

pub(crate) mod add_contact_point;
pub(crate) mod add_serving_unit;
pub(crate) mod change;
pub(crate) mod change_org_unit;
pub(crate) mod change_staff;
pub(crate) mod create_org_unit;
pub(crate) mod found_organisation;
pub(crate) mod join_staff;
pub(crate) mod move_org_unit;
pub(crate) mod register;
pub(crate) mod remove_contact_point;

use kit::{Result, Work};
use schema::{
    access::Scope,
    api::{customer::CustomerFile, problem::Problem},
    event::CustomerChanged,
    ids::{CustomerId, OrgUnitId},
};

use crate::storage;

/// The part of the organisation that whoever commands this may use.
fn organisation(work: &Work) -> Scope {
    work.viewer().map_or(Scope::Everything, schema::access::Viewer::organisation)
}

/// Refuses a unit that is unknown or out of scope; which of the two is not said.
async fn require_unit(work: &Work, unit: OrgUnitId, pointer: &str) -> Result<()> {
    if reference::org_unit::is_in_scope(work, unit, &organisation(work)).await? {
        return Ok(());
    }
    Err(Problem::field(pointer, "no unit with this id is within your scope").into())
}

/// The file to change, its writers kept away and its revision raised.
async fn file_to_change(work: &mut Work, id: CustomerId, if_match: Option<i64>) -> Result<CustomerFile> {
    // Scope first: whoever may not see the customer must not learn its revision, nor raise it.
    if storage::customer::find(work, id).await?.is_none() {
        return Err(Problem::not_found("customer").into());
    }
    work.revise(id, if_match).await?;
    storage::customer::find(work, id).await?.ok_or_else(|| Problem::not_found("customer").into())
}

/// Tells the others, audits, and gives the file as it is now.
async fn changed(
    work: &mut Work,
    action: &str,
    detail: Option<&str>,
    file: &CustomerFile,
) -> Result<CustomerFile> {
    work.tell::<CustomerChanged>(file.id, file.revision, work.now(), &storage::customer::state(file))?;
    work.audit(action, file.id, detail).await?;
    storage::customer::find(work, file.id).await?.ok_or_else(|| Problem::not_found("customer").into())
}
