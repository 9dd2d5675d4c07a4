//! Keeps what a purchase or a return makes of a customer's profile. The purchase itself is kept as a dealing,
//! and the account is up to date by then.

use chrono::{DateTime, Utc};
use kit::{Result, Work};
use schema::{ids::CustomerId, value::Currency};

use super::membership;
use crate::storage;

pub(crate) async fn keep_purchase(
    work: &mut Work,
    customer: CustomerId,
    currency: &Currency,
    at: DateTime<Utc>,
) -> Result<()> {
    // A purchase that earns nothing raised no revision, and counting needs the others to be through.
    let revision = work.revise(customer, None).await?;
    storage::profile::recount_purchases(work, customer, currency).await?;
    membership::follow(work, customer, Some(revision), at).await
}
