//! Takes a customer who is in no household into one.

use std::collections::BTreeSet;

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{Household, JoinHousehold},
        problem::{Code, Problem},
    },
    ids::CustomerId,
};

use crate::{domain::household::MOST, storage};

pub(crate) async fn join_household(work: &mut Work, input: Input<JoinHousehold>) -> Result<Household> {
    let joining = BTreeSet::from([input.body.customer_id]);
    let held = super::household::to_change(work, input.path.household_id).await?;
    if storage::customer::in_scope(work, &joining).await?.is_empty() {
        return Err(Problem::field("/customer_id", "no customer with this id is within your scope").into());
    }
    let all: BTreeSet<CustomerId> = held.member_ids.iter().copied().chain(joining.iter().copied()).collect();
    storage::household::lock(work, &all).await?;
    if storage::household::is_any_in_one(work, &joining).await? {
        let detail = "the customer is in a household already; they leave that one first";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    if all.len() > MOST {
        let detail = format!("a household has at most {MOST} customers; somebody leaves it first");
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    storage::household::put_in(work, held.id, &joining).await?;
    super::household::told(work, &all, Some((held.id, all.len()))).await?;
    let revision = work.revise(held.id, input.if_match).await?;
    work.audit("household.join", held.id, None)?;
    Ok(Household { member_ids: all.into_iter().collect(), revision, ..held })
}
