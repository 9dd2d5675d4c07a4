//! Delivers contacts and purchases to the service that owns them, in batches.
//!
//! A contact is known by its message, a purchase by the shop's id of the order where there is one: an order
//! that a shop tells of twice is bought once.

use std::{collections::HashMap, sync::Arc};

use kit::Result;
use schema::{
    api::{
        Endpoint, NoParameters,
        batch::{Batch, BatchItem, BatchReply, BatchResult, ITEMS_MAX, Outcome},
        ingestion::MessageState,
        interaction::{RecordContactsInternally, RecordPurchasesInternally},
        problem::Problem,
        section::Section,
    },
    ids::CustomerId,
};

use super::{
    super::Gateway,
    batches::in_batches,
    forward::{Task, refused},
    settle::Settlement,
};
use crate::domain::ingestion::plan::Plan;

/// Delivers what belongs to somebody.
pub(super) async fn deliver(
    gateway: &Arc<Gateway>,
    tasks: &[(&Task, CustomerId)],
    settlement: &mut Settlement,
) -> Result<()> {
    let (mut contacts, mut purchases) = (HashMap::new(), HashMap::new());
    for (task, customer_id) in tasks {
        let (source, customer_id) = (task.source.code.as_str(), *customer_id);
        match &task.plan {
            Plan::Contact(contact) => {
                let reference = task.id.to_string();
                let item = BatchItem { reference, customer_id, command: contact.clone() };
                contacts.entry(source).or_insert_with(Vec::new).push((*task, item));
            }
            Plan::Purchase(purchase, order) => {
                let reference = order.as_ref().map_or_else(|| task.id.to_string(), |id| reference_of(id));
                let item = BatchItem { reference, customer_id, command: purchase.clone() };
                purchases.entry(source).or_insert_with(Vec::new).push((*task, item));
            }
            Plan::Identify(_) | Plan::Alias | Plan::Unmapped | Plan::Refused(_) => {}
        }
    }
    for (source, items) in contacts {
        send::<RecordContactsInternally, _>(gateway, source, items, settlement).await?;
    }
    for (source, items) in purchases {
        send::<RecordPurchasesInternally, _>(gateway, source, items, settlement).await?;
    }
    Ok(())
}

/// A shop's id of an order as a reference, which has at most 200 characters.
fn reference_of(order: &str) -> String {
    format!("order {}", order.chars().take(190).collect::<String>())
}

/// Sends one source's items.
async fn send<E, T>(
    gateway: &Arc<Gateway>,
    source: &str,
    items: Vec<(&Task, BatchItem<T>)>,
    settlement: &mut Settlement,
) -> Result<()>
where
    E: Endpoint<Path = NoParameters, Query = NoParameters, Body = Batch<BatchItem<T>>, Reply = BatchReply>,
    T: Clone + Send + Sync,
{
    let body = |part: &[(&Task, BatchItem<T>)]| Batch {
        source: format!("tracking.{source}"),
        items: part.iter().map(|(_, item)| item.clone()).collect(),
    };
    let settle = |(task, _): &(&Task, BatchItem<T>), result: Result<BatchResult, Problem>| match result {
        Ok(BatchResult { outcome: Outcome::Applied | Outcome::Repeated, .. }) => {
            settlement.end(task.id, MessageState::Applied);
        }
        Ok(BatchResult { problem: Some(problem), .. }) | Err(problem) => refused(task, &problem, settlement),
        Ok(BatchResult { outcome: Outcome::Refused, problem: None, .. }) => {
            settlement.refuse(task.id, "no reason was given".to_owned());
        }
    };
    in_batches::<E, _, _>(gateway, Section::Dealings, (&items, ITEMS_MAX), body, |reply| reply.items, settle)
        .await
}
