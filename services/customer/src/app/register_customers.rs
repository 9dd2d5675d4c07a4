//! Registers several customers at once; each is decided on as a single one is. A customer's id follows from source
//! and reference.

use std::collections::BTreeSet;

use kit::{Result, Work, batch::Items};
use schema::{
    api::{
        batch::{Batch, BatchReply},
        customer::NewCustomerItem,
        problem::{Code, Problem},
    },
    ids::CustomerId,
};
use uuid::Uuid;

use super::register::{self, Known};
use crate::{domain::contact::Region, storage};

pub(crate) async fn register_customers(
    work: &mut Work,
    batch: &Batch<NewCustomerItem>,
    region: Region,
) -> Result<BatchReply> {
    let mut items = Items::of(batch, "customers")?;
    settle_registered(work, &mut items).await?;
    let mut known = Known::named_by(work, items.open().map(|(_, item, _)| &item.command)).await?;

    let mut registered = Vec::new();
    items.decide(|item, id| {
        let registration = known.decide(id.into(), &item.command, region, work.now())?;
        known.take(&registration);
        work.begin_item(id);
        register::tell(work, &registration)?;
        registered.push(registration);
        Ok(())
    })?;
    storage::registration::begin(work, &registered).await?;
    storage::registration::add(work, &registered).await?;
    let done = registered.iter().map(|one| (one.file.id.uuid(), None));
    work.audit_each("customer.register", done)?;
    items.reply()
}

/// Finds the items that were registered before. Of somebody out of scope nothing is said but that the reference
/// is used.
async fn settle_registered(work: &Work, items: &mut Items<'_, NewCustomerItem>) -> Result<()> {
    let ids: BTreeSet<CustomerId> = items.open().map(|(.., id)| id.into()).collect();
    let registered = storage::registration::reached(work, &ids).await?;
    let (ours, others): (Vec<_>, Vec<_>) = registered.into_iter().partition(|(_, reached)| *reached);
    items.repeat(&ours.into_iter().map(|(id, _)| id.uuid()).collect());
    let others: BTreeSet<Uuid> = others.into_iter().map(|(id, _)| id.uuid()).collect();
    items.refuse_ids(&others, || {
        let detail =
            "this source used the reference for a customer who is not within your scope; name another source";
        Problem::new(Code::AlreadyExists, detail)
    });
    Ok(())
}
