//! What every batch about customers begins with: who of them is known and in scope, and what was done before.

use std::collections::{BTreeMap, BTreeSet};

use kit::{
    Result, Work,
    batch::{Items, Revisions},
};
use schema::{
    api::{
        batch::{BatchItem, Item as _},
        problem::Problem,
    },
    ids::CustomerId,
};
use uuid::Uuid;

use crate::customer;

/// Refuses the items about customers who are not known here or not in scope, keeps other writers of the rest
/// away, and finds the items that were done before: those whose ids `table` holds by customer.
///
/// Customers who are not known yet are waited for once, all together.
///
/// # Errors
/// `NotKnownYet` as long as there is time to wait; when the database cannot be asked.
pub async fn begin<T>(work: &Work, items: &mut Items<'_, BatchItem<T>>, table: &str) -> Result<Revisions> {
    admit(work, items).await?;
    let customers = items.open().map(|(_, item, _)| item.customer_id.uuid());
    let revisions = Revisions::hold(work, customers).await?;
    // Asked after the hold: whoever sent the same before is through.
    let keys: Vec<(Uuid, Uuid)> = items.open().map(|(_, item, id)| (item.customer_id.uuid(), id)).collect();
    items.repeat(&work.existing(table, "customer_id", keys).await?);
    Ok(revisions)
}

async fn admit<T>(work: &Work, items: &mut Items<'_, BatchItem<T>>) -> Result<()> {
    let customers: BTreeSet<CustomerId> = items.open().map(|(_, item, _)| item.customer_id).collect();
    let known: BTreeMap<CustomerId, bool> = customer::reached(work, &customers).await?;
    let unknown: Vec<Uuid> = items
        .open()
        .filter(|(_, item, _)| !known.contains_key(&item.customer_id))
        .map(|(_, item, _)| item.customer_id.uuid())
        .collect();
    work.wait_for_any(&unknown)?;
    items.refuse(|item| match item.customer().and_then(|customer| known.get(&customer)) {
        None => Some(Problem::not_known_yet()),
        Some(false) => Some(Problem::not_found("customer")),
        Some(true) => None,
    });
    Ok(())
}
