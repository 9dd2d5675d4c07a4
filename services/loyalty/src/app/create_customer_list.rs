//! Creates a list that is kept by hand.

use kit::{Input, Result, Work};
use schema::{
    api::{
        loyalty::{CreateCustomerList, CustomerList},
        problem::{Code, Problem},
    },
    ids::CustomerListId,
};

use crate::{domain::label, storage::segment::list};

/// The most lists.
const MOST: i64 = 1_000;

pub(crate) async fn create_customer_list(
    work: &mut Work,
    input: Input<CreateCustomerList>,
) -> Result<CustomerList> {
    let new = &input.body;
    let wrong = label::mistakes(Some(&new.code), Some(&new.name));
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong).into());
    }
    work.exclusive("customer_list").await?;
    if list::count(work).await? >= MOST {
        return Err(Problem::new(Code::Conflict, format!("there are {MOST} lists; reuse one")).into());
    }
    let id: CustomerListId = work.new_id();
    work.revise(id, input.if_match).await?;
    let created = CustomerList {
        id,
        code: new.code.clone(),
        name: new.name.trim().to_owned(),
        customers: Some(0),
        created_at: work.now(),
    };
    list::add(work, &created).await?;
    work.audit("customer_list.create", id, Some(&created.code))?;
    Ok(created)
}
