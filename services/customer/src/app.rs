//! Commands, one a file: the decision, seen whole.

pub(crate) mod add_contact_point;
pub(crate) mod add_container;
pub(crate) mod add_external_id;
pub(crate) mod add_relationship;
pub(crate) mod add_relationships;
pub(crate) mod add_serving_unit;
pub(crate) mod advance_stage;
pub(crate) mod change;
pub(crate) mod change_attribute;
pub(crate) mod change_contact_preference;
pub(crate) mod change_org_unit;
pub(crate) mod change_service_brief;
pub(crate) mod change_staff;
pub(crate) mod close_org_unit;
pub(crate) mod count_contacts;
mod counting;
pub(crate) mod create_household;
pub(crate) mod create_org_unit;
pub(crate) mod define_attribute;
pub(crate) mod dissolve_household;
pub(crate) mod end_relationship;
pub(crate) mod export_customers;
pub(crate) mod found_organisation;
mod household;
pub(crate) mod join_household;
pub(crate) mod join_staff;
pub(crate) mod lapse;
pub(crate) mod leave_household;
pub(crate) mod leave_staff;
pub(crate) mod move_org_unit;
pub(crate) mod record_consent;
pub(crate) mod record_observation;
pub(crate) mod register;
pub(crate) mod register_customers;
pub(crate) mod remove_contact_point;
pub(crate) mod remove_container;
pub(crate) mod remove_external_id;
pub(crate) mod reopen_org_unit;
pub(crate) mod retire_attribute;
pub(crate) mod set_profile_weights;
pub(crate) mod take_back_observation;
pub(crate) mod turn_relationship;
pub(crate) mod update_profiles;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use kit::{Received, Result, Unknown, Work};
use schema::{
    api::{customer::CustomerFile, problem::Problem},
    event::{ConsentChanged, CustomerChanged},
    ids::{CustomerId, OrgUnitId},
};

use crate::storage;

/// Refuses to put a unit under a closed one: above an open unit all are open.
async fn require_open(work: &Work, parent: OrgUnitId) -> Result<()> {
    if storage::org_unit::is_open(work, parent).await? {
        return Ok(());
    }
    Err(Problem::field("/parent_id", "the unit with this id is closed; reopen it, or choose another").into())
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

/// The file of the other customer to change along, when it is in scope too; `missing` says that it is not.
///
/// Both are kept from other writers before either's revision is raised. `file_to_change` comes after it, so
/// that the command ends with the revision of the customer that it names.
async fn other_to_change(
    work: &mut Work,
    id: CustomerId,
    other: CustomerId,
    missing: impl FnOnce() -> Problem,
) -> Result<CustomerFile> {
    if storage::customer::find(work, id).await?.is_none() {
        return Err(Problem::not_found("customer").into());
    }
    let Some(other_file) = storage::customer::find(work, other).await? else {
        return Err(missing().into());
    };
    storage::relationship::lock(work, id, other).await?;
    let revision = work.revise(other, None).await?;
    Ok(CustomerFile { revision, ..other_file })
}

/// Tells the others, audits, and gives the file as it is now.
async fn changed(
    work: &mut Work,
    action: &str,
    detail: Option<&str>,
    file: &CustomerFile,
) -> Result<CustomerFile> {
    tell_changed(work, action, detail, file).await?;
    storage::customer::whole(work, file.id).await?.ok_or_else(|| Problem::not_found("customer").into())
}

/// Tells the others, and audits.
async fn tell_changed(
    work: &mut Work,
    action: &str,
    detail: Option<&str>,
    file: &CustomerFile,
) -> Result<()> {
    work.tell::<CustomerChanged>(file.id, file.revision, work.now(), &storage::customer::state(file))?;
    work.audit(action, file.id, detail)
}

/// Of these events, those whose customer is here; the others wait for theirs. Whoever tells of a customer learned of
/// them from us, so all are here, unless our database is an older copy of itself.
pub(crate) async fn known<T>(
    work: &Work,
    events: Vec<Received<T>>,
    customer: impl Fn(&T) -> CustomerId,
) -> Result<(Vec<Received<T>>, Unknown)> {
    let asked: BTreeSet<CustomerId> = events.iter().map(|event| customer(&event.data)).collect();
    let here = storage::customer::in_scope(work, &asked).await?;
    let (known, unknown): (Vec<_>, Vec<_>) =
        events.into_iter().partition(|event| here.contains(&customer(&event.data)));
    Ok((known, unknown.iter().map(|event| (event.id, customer(&event.data).uuid())).collect()))
}

/// Raises the revisions of the customers whom these events are about, and tells the others of each once, because of
/// the event that happened last; `at` says since when it is so.
async fn tell_each_changed<T>(
    work: &mut Work,
    events: &[(CustomerId, &Received<T>)],
    at: impl Fn(&Received<T>) -> DateTime<Utc>,
) -> Result<()> {
    let mut last: BTreeMap<CustomerId, &Received<T>> = BTreeMap::new();
    for (customer, event) in events {
        let held = last.entry(*customer).or_insert(event);
        if (held.occurred_at, held.id) < (event.occurred_at, event.id) {
            *held = event;
        }
    }
    work.revise_each(&last.keys().map(|customer| customer.uuid()).collect()).await?;
    let customers: Vec<CustomerId> = last.keys().copied().collect();
    for file in storage::customer::find_each(work, &customers).await? {
        let Some(event) = last.get(&file.id) else { continue };
        work.because(&event.cause);
        work.tell::<CustomerChanged>(file.id, file.revision, at(event), &storage::customer::state(&file))?;
    }
    Ok(())
}

/// Tells the others what the customer allows us now, audits, and gives the file as it is now.
async fn allowed(
    work: &mut Work,
    action: &str,
    detail: Option<&str>,
    file: &CustomerFile,
) -> Result<CustomerFile> {
    let state = storage::conduct::of(work.tx(), file.id).await?.state(file.id);
    work.tell::<ConsentChanged>(file.id, file.revision, work.now(), &state)?;
    work.audit(action, file.id, detail)?;
    storage::customer::whole(work, file.id).await?.ok_or_else(|| Problem::not_found("customer").into())
}
