//! Earns points for purchases, each by the version of the programme that was valid when it was made.

use std::collections::BTreeMap;

use kit::{Received, Result, Unknown, Work};
use schema::{event::interaction::PurchaseRecorded, ids::CustomerId};

use super::{concerned::Concerned, keep_dealings::keep_dealings, settle::settle_each};
use crate::{
    domain::{programme::Programme, reckoning::Fact},
    storage::{self, dealing::Dealing, supply::Delivery},
};

/// A purchase is remembered even when it earns nothing: returns that came before it wait for it.
pub(crate) async fn earn(work: &mut Work, events: Vec<Received<PurchaseRecorded>>) -> Result<Unknown> {
    let (events, unknown) =
        reference::customer::known(work, events, |purchase: &PurchaseRecorded| purchase.customer_id).await?;
    if events.is_empty() {
        return Ok(unknown);
    }
    let mut concerned = Concerned::revised(work, &events, |purchase| purchase.customer_id).await?;
    let programme = storage::programme::all(work).await?;
    let facts: Vec<(CustomerId, Fact)> = events.iter().map(|event| fact_of(&programme, event)).collect();
    storage::purchase::remember(work, &facts).await?;
    storage::fact::add(work, &facts).await?;
    storage::dealing::add(work, events.iter().map(|event| Dealing::bought(&event.data))).await?;
    let causes: BTreeMap<_, _> =
        events.iter().map(|event| (super::entry_id(event.id), event.cause.clone())).collect();
    settle_each(work, &programme, &concerned, &causes).await?;

    let deliveries: Vec<Delivery<'_>> = events.iter().map(|event| delivery_of(&event.data)).collect();
    keep_dealings(work, &mut concerned, &deliveries).await?;
    for event in &events {
        work.arrived(event.data.purchase_id);
    }
    Ok(unknown)
}

/// What a purchase earns before the tier.
fn fact_of(programme: &Programme, event: &Received<PurchaseRecorded>) -> (CustomerId, Fact) {
    let purchase = &event.data;
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
    (purchase.customer_id, fact)
}

fn delivery_of(purchase: &PurchaseRecorded) -> Delivery<'_> {
    Delivery {
        customer: purchase.customer_id,
        id: purchase.purchase_id.into(),
        purchase: purchase.purchase_id,
        at: purchase.occurred_at,
        lines: &purchase.lines,
        sign: 1,
    }
}
