//! What the commands of households share. The household is kept from other commands first, then its customers
//! in the order of their ids, so that two commands never wait for each other.

use std::collections::BTreeSet;

use kit::{Result, Work};
use schema::{
    api::{customer::Household, problem::Problem},
    event::{HouseholdChanged, customer::HouseholdState},
    ids::{CustomerId, HouseholdId},
};

use crate::{domain, storage};

/// The household to change, kept from other commands, if the caller sees one of its customers.
pub(super) async fn to_change(work: &Work, id: HouseholdId) -> Result<Household> {
    work.exclusive(&format!("household/{id}")).await?;
    let found = storage::household::find(work.tx(), id, &work.scope()).await?;
    found.ok_or_else(|| Problem::not_found("household").into())
}

/// Tells for each of these customers in which household they are now, and among how many.
pub(super) async fn told(
    work: &mut Work,
    customers: &BTreeSet<CustomerId>,
    household: Option<(HouseholdId, usize)>,
) -> Result<()> {
    for customer_id in customers.iter().copied() {
        let revision = work.revise(customer_id, None).await?;
        let state = HouseholdState {
            customer_id,
            household_id: household.map(|(id, _)| id),
            members: household.map_or(0, |(_, members)| i32::try_from(members).unwrap_or(i32::MAX)),
        };
        work.tell::<HouseholdChanged>(customer_id, revision, work.now(), &state)?;
    }
    Ok(())
}

/// Takes customers out and tells it; ends the household when those who stay are too few for one. The
/// customers must be locked.
pub(super) async fn without(
    work: &mut Work,
    held: Household,
    leaving: &BTreeSet<CustomerId>,
    if_match: Option<i64>,
) -> Result<Household> {
    let all: BTreeSet<CustomerId> = held.member_ids.iter().copied().collect();
    let staying: BTreeSet<CustomerId> = all.difference(leaving).copied().collect();
    let member_ids = if staying.len() < domain::household::FEWEST {
        storage::household::end(work, held.id).await?;
        told(work, &all, None).await?;
        Vec::new()
    } else {
        for customer in leaving {
            storage::household::take_out(work, held.id, *customer).await?;
        }
        told(work, leaving, None).await?;
        told(work, &staying, Some((held.id, staying.len()))).await?;
        staying.into_iter().collect()
    };
    // Last, so that the command ends with the revision of what it names.
    let revision = work.revise(held.id, if_match).await?;
    Ok(Household { member_ids, revision, ..held })
}
