//! Puts customers on a list and takes others off it. Segments that ask for a list are compared soon after.

use std::collections::BTreeSet;

use kit::{Input, Result, Work};
use schema::{
    api::{
        loyalty::{ChangeListMembers, CustomerList, ListMembersChange},
        problem::{FieldError, Problem},
    },
    ids::CustomerId,
};

use crate::storage::segment::{self, list};

/// The most customers of one call.
const MOST: usize = 1_000;

pub(crate) async fn change_list_members(
    work: &mut Work,
    input: Input<ChangeListMembers>,
) -> Result<CustomerList> {
    let (id, ListMembersChange { add, remove }) = (input.path.list_id, &*input.body);
    if !(1..=MOST).contains(&(add.len() + remove.len())) {
        return Err(Problem::field("/add", format!("name 1 to {MOST} customers in add and remove")).into());
    }
    list::find(work, id).await?.ok_or_else(|| Problem::not_found("list"))?;
    work.revise(id, input.if_match).await?;
    let everyone: Vec<CustomerId> = add.iter().chain(remove).copied().collect();
    let reached = list::in_scope(work, &everyone).await?;
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    let places = |name: &'static str, ids: &[CustomerId]| -> Vec<(String, CustomerId)> {
        ids.iter().enumerate().map(|(at, id)| (format!("/{name}/{at}"), *id)).collect()
    };
    for (pointer, customer) in [places("add", add), places("remove", remove)].concat() {
        let detail = if !reached.contains(&customer) {
            "no customer with this id is within your scope"
        } else if !seen.insert(customer) {
            "name each customer once"
        } else {
            continue;
        };
        wrong.push(FieldError { pointer, detail: detail.to_owned() });
    }
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong).into());
    }

    list::put(work, id, add).await?;
    list::take(work, id, remove).await?;
    segment::make_due(work, None).await?;
    let detail = format!("{} added, {} removed", add.len(), remove.len());
    work.audit("customer_list.change", id, Some(&detail))?;
    list::find(work, id).await?.ok_or_else(|| Problem::not_found("list").into())
}
