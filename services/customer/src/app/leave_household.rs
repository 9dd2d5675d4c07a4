//! Takes a customer out of a household. One alone is no household, so with the last but one it ends.

use std::collections::BTreeSet;

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{Household, LeaveHousehold},
        problem::Problem,
    },
    ids::CustomerId,
};

use crate::storage;

pub(crate) async fn leave_household(work: &mut Work, input: Input<LeaveHousehold>) -> Result<Household> {
    let leaving = BTreeSet::from([input.path.customer_id]);
    let held = super::household::to_change(work, input.path.household_id).await?;
    let is_member = held.member_ids.contains(&input.path.customer_id);
    if !is_member || storage::customer::in_scope(work, &leaving).await?.is_empty() {
        return Err(Problem::not_found("customer of this household").into());
    }
    let all: BTreeSet<CustomerId> = held.member_ids.iter().copied().collect();
    storage::household::lock(work, &all).await?;
    let id = held.id;
    let left = super::household::without(work, held, &leaving, input.if_match).await?;
    work.audit("household.leave", id, None)?;
    Ok(left)
}
