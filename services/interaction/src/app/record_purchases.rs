//! Records several purchases at once; each is decided on as a single one is.

use std::collections::{BTreeMap, BTreeSet};

use kit::{Result, Work, batch::Items};
use schema::{
    api::{
        batch::{Batch, BatchItem, BatchReply},
        interaction::{NewPurchase, Turnover},
        problem::Problem,
    },
    ids::CustomerId,
    value::Currency,
};

use super::record_purchase::{self, Places};
use crate::{domain, storage};

pub(crate) async fn record_purchases(
    work: &mut Work,
    batch: &Batch<BatchItem<NewPurchase>>,
) -> Result<BatchReply> {
    let mut items = Items::of(batch, "purchases")?;
    let mut revisions = reference::batch::begin(work, &mut items, "purchase").await?;
    let customers: BTreeSet<CustomerId> = items.open().map(|(_, item, _)| item.customer_id).collect();
    let places = Places::named_by(work, items.open().map(|(_, item, _)| &item.command)).await?;
    let mut turnovers = storage::turnover::of_these(work, &customers).await?;

    let mut recorded = Vec::new();
    let mut changed: BTreeSet<(CustomerId, Currency)> = BTreeSet::new();
    items.decide(|item, id| {
        let (customer, new) = (item.customer_id, &item.command);
        let bill = domain::purchase::bill(new, work.now()).map_err(Problem::fields)?;
        places.check(new)?;
        let all: &mut Vec<Turnover> = turnovers.entry(customer).or_default();
        let head = (customer, id.into(), revisions.next(customer.uuid()));
        let (purchase, turnover) = record_purchase::decide(head, new, bill, all.clone())?;
        work.begin_item(id);
        record_purchase::tell(work, &purchase)?;
        revisions.take(customer.uuid());
        changed.insert((customer, turnover.currency.clone()));
        all.retain(|one| one.currency != turnover.currency);
        all.push(turnover);
        recorded.push(purchase);
        Ok(())
    })?;
    let changed = written(&turnovers, &changed);
    record_purchase::keep(work, &recorded, changed).await?;
    revisions.keep(work).await?;
    items.reply()
}

/// Of all turnovers, those that changed.
fn written<'t>(
    turnovers: &'t BTreeMap<CustomerId, Vec<Turnover>>,
    changed: &'t BTreeSet<(CustomerId, Currency)>,
) -> impl Iterator<Item = (CustomerId, &'t Turnover)> {
    let all = turnovers.iter().flat_map(|(customer, all)| all.iter().map(|one| (*customer, one)));
    all.filter(|(customer, one)| changed.contains(&(*customer, one.currency.clone())))
}
