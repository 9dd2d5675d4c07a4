//! Counts what happened with customers. When their stage is another one by it, the file has changed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kit::{Received, Result, Unknown, Work};
use schema::{
    api::customer::CustomerStage,
    event::interaction::{ContactRecorded, PurchaseRecorded},
    ids::CustomerId,
};

use crate::{
    domain::stage::{self, Facts},
    storage::{self, stage::Reached},
};

/// Counts purchases.
pub(crate) async fn bought(work: &mut Work, events: Vec<Received<PurchaseRecorded>>) -> Result<Unknown> {
    let (events, unknown) = super::known(work, events, |purchase| purchase.customer_id).await?;
    advance(work, &events, |one| one.customer_id, |facts, one| facts.bought(one.occurred_at)).await?;
    Ok(unknown)
}

/// Counts contacts, whose customers are known.
pub(crate) async fn contacted(work: &mut Work, events: &[Received<ContactRecorded>]) -> Result<()> {
    advance(work, events, |one| one.customer_id, |facts, one| facts.contacted(one.phase)).await
}

async fn advance<T: Sync>(
    work: &mut Work,
    events: &[Received<T>],
    customer: impl Fn(&T) -> CustomerId,
    with: impl Fn(Facts, &T) -> Facts,
) -> Result<()> {
    let customers: BTreeSet<CustomerId> = events.iter().map(|event| customer(&event.data)).collect();
    if customers.is_empty() {
        return Ok(());
    }
    let before = storage::stage::facts(work, &customers).await?;
    let mut after = before.clone();
    for event in events {
        if let Some(facts) = after.get_mut(&customer(&event.data)) {
            *facts = with(*facts, &event.data);
        }
    }
    let today = work.now().date_naive();
    let (mut reached, mut another) = (BTreeMap::<CustomerId, Reached>::new(), BTreeSet::new());
    for (id, after) in after {
        let Some(before) = before.get(&id).filter(|before| **before != after) else { continue };
        reached.insert(id, (after, lapse_told(today, before, &after)));
        if shown(today, before) != shown(today, &after) {
            another.insert(id);
        }
    }
    storage::stage::put(work, &reached).await?;
    let of_another = events.iter().map(|event| (customer(&event.data), event));
    let of_another: Vec<_> = of_another.filter(|(id, _)| another.contains(id)).collect();
    let now = work.now();
    super::tell_each_changed(work, &of_another, |_| now).await
}

/// Whether it is told that they lapsed, when that is another than before: whoever lapses by this is told of here;
/// whoever had lapsed waits for the day's round, or was told of.
fn lapse_told(today: NaiveDate, before: &Facts, after: &Facts) -> Option<bool> {
    let lapsed = |facts: &Facts| shown(today, facts) == CustomerStage::Lapsed;
    match (lapsed(before), lapsed(after)) {
        (true, true) => None,
        (_, now) => Some(now),
    }
}

fn shown(today: NaiveDate, facts: &Facts) -> CustomerStage {
    stage::on(today, facts.reached(), facts.last_purchase_at)
}
