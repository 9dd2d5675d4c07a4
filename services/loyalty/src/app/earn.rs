//! Earns points for a purchase, by the version of the programme that was valid when it was made.

use kit::{Received, Result, Work};
use schema::event::interaction::PurchaseRecorded;

use super::{look_at_supply::look_at_supply, settle::settle};
use crate::{domain::reckoning::Fact, storage};

/// The purchase is remembered even when it earns nothing: returns that came before it wait for it.
pub(crate) async fn earn(work: &mut Work, event: &Received<PurchaseRecorded>) -> Result<()> {
    let purchase = &event.data;
    let customer = purchase.customer_id;
    reference::customer::require(work, customer).await?;
    let revision = work.revise(customer, None).await?;

    let programme = storage::programme::all(work).await?;
    let version = programme.at(purchase.occurred_at);
    let earning = version.earning(purchase);
    let fact = Fact {
        id: purchase.purchase_id.into(),
        purchase: purchase.purchase_id,
        entry: super::entry_id(event.id),
        returned: false,
        at: purchase.occurred_at,
        version: version.number(),
        rate: version.terms().rate_millionths,
        rules: earning.rules,
        total: purchase.total_minor.get(),
        millionths: earning.millionths,
        before: 0,
        amount: purchase.total_minor.get(),
    };
    storage::purchase::remember(work, purchase, fact.rate).await?;
    storage::fact::add(work, customer, &fact).await?;
    storage::dealing::bought(work, purchase).await?;
    settle(work, customer, revision, event.id.into()).await?;

    let of_purchase = (fact.id, fact.purchase);
    storage::supply::delivered(work, customer, of_purchase, fact.at, &purchase.lines, 1).await?;
    for sku in storage::supply::among(work, customer, &purchase.lines).await? {
        if let Some(said) = storage::supply::find(work, customer, &sku).await? {
            look_at_supply(work, customer, &sku, &said).await?;
        }
    }
    super::keep_purchase::keep_purchase(work, purchase.customer_id, &purchase.currency, purchase.occurred_at)
        .await?;
    work.arrived(purchase.purchase_id);
    Ok(())
}
