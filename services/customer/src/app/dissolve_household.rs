//! Ends a household. Whoever does it sees all of its customers.

use std::collections::BTreeSet;

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{DissolveHousehold, Household},
        problem::{Code, Problem},
    },
    ids::CustomerId,
};

use crate::storage;

pub(crate) async fn dissolve_household(
    work: &mut Work,
    input: Input<DissolveHousehold>,
) -> Result<Household> {
    let held = super::household::to_change(work, input.path.household_id).await?;
    let all: BTreeSet<CustomerId> = held.member_ids.iter().copied().collect();
    if storage::customer::in_scope(work, &all).await?.len() < all.len() {
        let detail =
            "not all of its customers are within your scope; let those whom you see leave it one by one";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    storage::household::lock(work, &all).await?;
    let id = held.id;
    let ended = super::household::without(work, held, &all, input.if_match).await?;
    work.audit("household.dissolve", id, None)?;
    Ok(ended)
}
