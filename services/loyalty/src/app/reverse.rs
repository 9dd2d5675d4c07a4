//! Takes back what a purchase earned for that which was returned.

use kit::{Error, Received, Result, Work};
use schema::event::interaction::PurchaseReturned;

use super::{look_at_supply::look_at_supply, settle::settle};
use crate::{domain::reckoning::Fact, storage};

/// By the terms by which the purchase earned, whatever the programme is by now.
pub(crate) async fn reverse(work: &mut Work, event: &Received<PurchaseReturned>) -> Result<()> {
    let returned = &event.data;
    let (customer, purchase) = (returned.customer_id, returned.purchase_id);
    let Some(earned) = storage::purchase::find(work, customer, purchase).await? else {
        return Err(Error::NotKnownYet(purchase.into()));
    };
    let revision = work.revise(customer, None).await?;
    let fact = storage::fact::purchase(work, customer, purchase).await?.unwrap_or(earned);
    let fact = Fact {
        id: returned.return_id.into(),
        entry: super::entry_id(event.id),
        returned: true,
        at: returned.occurred_at,
        before: returned.returned_before_minor.get(),
        amount: returned.total_minor.get(),
        ..fact
    };
    storage::fact::add(work, customer, &fact).await?;
    storage::dealing::returned(work, returned).await?;
    settle(work, customer, revision, event.id.into()).await?;

    let of_return = (fact.id, purchase);
    storage::supply::delivered(work, customer, of_return, fact.at, &returned.lines, -1).await?;
    for sku in storage::supply::among(work, customer, &returned.lines).await? {
        if let Some(said) = storage::supply::find(work, customer, &sku).await? {
            look_at_supply(work, customer, &sku, &said).await?;
        }
    }
    super::keep_purchase::keep_purchase(work, customer, &returned.currency, returned.occurred_at).await
}
