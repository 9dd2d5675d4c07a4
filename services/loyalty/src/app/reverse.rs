//! Takes back what purchases earned for that which was returned of them.

use std::collections::{BTreeMap, BTreeSet};

use kit::{Received, Result, Unknown, Work};
use schema::{event::interaction::PurchaseReturned, ids::CustomerId};

use super::{concerned::Concerned, keep_dealings::keep_dealings, settle::settle_each};
use crate::{
    domain::reckoning::Fact,
    storage::{self, dealing::Dealing, supply::Delivery},
};

/// By the terms by which each purchase earned, whatever the programme is by now. A return waits for its purchase.
pub(crate) async fn reverse(work: &mut Work, events: Vec<Received<PurchaseReturned>>) -> Result<Unknown> {
    let key = |event: &Received<PurchaseReturned>| (event.data.customer_id, event.data.purchase_id);
    let asked: BTreeSet<_> = events.iter().map(key).collect();
    let purchases = storage::purchase::arrived(work, &asked).await?;
    let (events, unknown): (Vec<_>, Vec<_>) =
        events.into_iter().partition(|event| purchases.contains_key(&key(event)));
    let unknown: Unknown =
        unknown.into_iter().map(|event| (event.id, event.data.purchase_id.into())).collect();
    if events.is_empty() {
        return Ok(unknown);
    }
    let mut concerned = Concerned::revised(work, &events, |returned| returned.customer_id).await?;
    let fact = |event: &Received<PurchaseReturned>| {
        let earned = purchases.get(&key(event))?;
        Some((event.data.customer_id, fact_of(earned, event)))
    };
    let facts: Vec<(CustomerId, Fact)> = events.iter().filter_map(fact).collect();
    storage::fact::add(work, &facts).await?;
    storage::dealing::add(work, events.iter().map(|event| Dealing::returned(&event.data))).await?;
    let causes: BTreeMap<_, _> =
        events.iter().map(|event| (super::entry_id(event.id), event.cause.clone())).collect();
    let programme = storage::programme::all(work).await?;
    settle_each(work, &programme, &concerned, &causes).await?;
    let deliveries: Vec<Delivery<'_>> = events.iter().map(|event| delivery_of(&event.data)).collect();
    keep_dealings(work, &mut concerned, &deliveries).await?;
    Ok(unknown)
}

fn fact_of(earned: &Fact, event: &Received<PurchaseReturned>) -> Fact {
    let returned = &event.data;
    Fact {
        id: returned.return_id.into(),
        entry: super::entry_id(event.id),
        returned: true,
        at: returned.occurred_at,
        before: returned.returned_before_minor.get(),
        amount: returned.total_minor.get(),
        ..earned.clone()
    }
}

fn delivery_of(returned: &PurchaseReturned) -> Delivery<'_> {
    Delivery {
        customer: returned.customer_id,
        id: returned.return_id.into(),
        purchase: returned.purchase_id,
        at: returned.occurred_at,
        lines: &returned.lines,
        sign: -1,
    }
}
