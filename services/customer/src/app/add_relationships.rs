//! Relates several customers to others at once; each as the single command does.

use std::collections::BTreeSet;

use kit::{
    Result, Work,
    batch::{Items, Revisions},
};
use schema::{
    api::{
        batch::{Batch, BatchItem, BatchReply},
        customer::NewRelationship,
        problem::Problem,
    },
    ids::CustomerId,
};

use super::add_relationship;
use crate::storage;

pub(crate) async fn add_relationships(
    work: &mut Work,
    batch: &Batch<BatchItem<NewRelationship>>,
) -> Result<BatchReply> {
    let mut items = Items::of(batch, "relationships")?;
    let named: BTreeSet<CustomerId> =
        items.open().flat_map(|(_, item, _)| [item.customer_id, item.command.to_customer_id]).collect();
    let reached = storage::customer::in_scope(work, &named).await?;
    items.refuse(|item| (!reached.contains(&item.customer_id)).then(|| Problem::not_found("customer")));
    // Both ends of all of them, in one order.
    let revisions = Revisions::hold(work, reached.iter().map(|customer| customer.uuid())).await?;
    let keys: Vec<_> = items.open().map(|(_, item, id)| (item.customer_id.uuid(), id)).collect();
    items.repeat(&work.existing("relationship", "customer_id", keys).await?);
    items
        .decide_each(work, |work, item, id| {
            Box::pin(add_relationship::relate(work, item.customer_id, id.into(), &item.command, None))
        })
        .await?;
    revisions.release(work).await?;
    items.reply()
}
