//! Settles an account in which time alone changes something: a lot expires or its notice is due, or the tier
//! is reviewed. Doing it again does nothing.

use kit::{Result, Work};
use schema::ids::CustomerId;

use super::{concerned::Concerned, membership, settle::settle};

pub(crate) async fn settle_account(work: &mut Work, customer: CustomerId) -> Result<()> {
    let revision = work.revise(customer, None).await?;
    let cause = work.new_id();
    settle(work, customer, revision, cause).await?;
    membership::follow(work, &mut Concerned::one(work, customer, revision, cause)).await
}
