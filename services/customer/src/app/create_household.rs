//! Makes a household of customers who are in none.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{CreateHousehold, Household},
        problem::{Code, Problem},
    },
    ids::HouseholdId,
};

use crate::{
    domain::{self, person::Mistakes},
    storage,
};

pub(crate) async fn create_household(work: &mut Work, input: Input<CreateHousehold>) -> Result<Household> {
    let named = &input.body.customer_ids;
    let members = domain::household::members(named).map_err(|rule| Problem::field("/customer_ids", rule))?;
    let seen = storage::customer::in_scope(work, &members).await?;
    let mut mistakes = Mistakes::default();
    for (at, _) in named.iter().enumerate().filter(|(_, id)| !seen.contains(id)) {
        mistakes.add(format!("/customer_ids/{at}"), "no customer with this id is within your scope");
    }
    mistakes.none_or_problem()?;

    storage::household::lock(work, &members).await?;
    if storage::household::is_any_in_one(work, &members).await? {
        let detail = "one of them is in a household already; they leave that one first";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    let id: HouseholdId = work.new_id();
    storage::household::add(work, id).await?;
    storage::household::put_in(work, id, &members).await?;
    super::household::told(work, &members, Some((id, members.len()))).await?;
    let revision = work.revise(id, input.if_match).await?;
    work.audit("household.create", id, None)?;
    Ok(Household { id, member_ids: members.into_iter().collect(), created_at: work.now(), revision })
}
