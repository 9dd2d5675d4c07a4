//! Commands of an administrator: sources, their write keys, and retrying what was refused.

use std::sync::Arc;

use futures::future::BoxFuture;
use kit::{
    Result, Work,
    command::{self, Decision},
};
use schema::{
    access::Viewer,
    api::{
        ingestion::{IngestionSource, IngestionSourceChange, NewIngestionSource},
        interaction::Channel,
        problem::{Code, Problem},
    },
    ids::{IngestionMessageId, IngestionSourceId},
};

use super::super::Gateway;
use crate::{
    domain::ingestion::source::{self, MOST, WriteKey},
    storage::ingestion::{refused, source as stored},
};

/// Messages that are retried at once.
pub(crate) const RETRIED_MOST: i64 = 1_000;

/// Runs a decision for whoever gives it. Not by an idempotency key: what it answers would be kept, and a
/// write key must not be.
async fn run<T>(
    gateway: &Arc<Gateway>,
    viewer: &Viewer,
    decide: impl for<'a> Fn(&'a mut Work) -> BoxFuture<'a, Result<T>> + Send + Sync + 'static,
) -> Result<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + Sync + 'static,
{
    let decide: Decision<T> = Arc::new(decide);
    Ok(command::run(&gateway.runtime, Some(viewer.clone()), None, decide).await?.reply)
}

/// Creates a source with this write key.
pub(crate) async fn create(
    gateway: &Arc<Gateway>,
    viewer: &Viewer,
    new: NewIngestionSource,
    key: WriteKey,
) -> Result<IngestionSource> {
    source::check_new(&new)?;
    let new = Arc::new(new);
    run(gateway, viewer, move |work| {
        let (new, key) = (Arc::clone(&new), key.clone());
        Box::pin(async move {
            reference::org_unit::require(work, new.org_unit_id, "/org_unit_id").await?;
            work.exclusive("ingestion_source").await?;
            if stored::count(work).await? >= MOST {
                let detail =
                    format!("there are at most {MOST} sources; change one that is not needed any more");
                return Err(Problem::new(Code::Conflict, detail).into());
            }
            let source = IngestionSource {
                id: work.new_id(),
                code: new.code.clone(),
                name: new.name.clone(),
                org_unit_id: new.org_unit_id,
                namespace: new.namespace.clone().unwrap_or_else(|| new.code.clone()),
                channel: new.channel.unwrap_or(Channel::Web),
                currency: new.currency.clone(),
                mappings: new.mappings.clone(),
                active: true,
                write_key_hint: key.hint(),
                created_at: work.now(),
            };
            stored::add(work, &source, &key).await?;
            work.audit("ingestion_source.create", source.id, Some(&source.code))?;
            Ok(source)
        })
    })
    .await
}

/// Changes a source.
pub(crate) async fn change(
    gateway: &Arc<Gateway>,
    viewer: &Viewer,
    id: IngestionSourceId,
    change: IngestionSourceChange,
) -> Result<IngestionSource> {
    source::check_change(&change)?;
    let change = Arc::new(change);
    run(gateway, viewer, move |work| {
        let change = Arc::clone(&change);
        Box::pin(async move {
            let mut source = to_change(work, id).await?;
            if let Some(unit) = change.org_unit_id {
                reference::org_unit::require(work, unit, "/org_unit_id").await?;
                source.org_unit_id = unit;
            }
            source.name = change.name.clone().unwrap_or(source.name);
            source.channel = change.channel.unwrap_or(source.channel);
            source.currency = change.currency.clone().or(source.currency);
            source.mappings = change.mappings.clone().unwrap_or(source.mappings);
            source.active = change.active.unwrap_or(source.active);
            stored::put(work, &source).await?;
            work.audit("ingestion_source.change", source.id, Some(&source.code))?;
            Ok(source)
        })
    })
    .await
}

/// Gives a source another write key; the former one is refused from now on.
pub(crate) async fn rotate(
    gateway: &Arc<Gateway>,
    viewer: &Viewer,
    id: IngestionSourceId,
    key: WriteKey,
) -> Result<IngestionSource> {
    run(gateway, viewer, move |work| {
        let key = key.clone();
        Box::pin(async move {
            let source = to_change(work, id).await?;
            stored::put_key(work, id, &key).await?;
            work.audit("ingestion_source.rotate_key", source.id, Some(&source.code))?;
            Ok(IngestionSource { write_key_hint: key.hint(), ..source })
        })
    })
    .await
}

/// Retries refused messages: these, or the oldest of all. Gives how many.
pub(crate) async fn retry(
    gateway: &Arc<Gateway>,
    viewer: &Viewer,
    id: IngestionSourceId,
    messages: Option<Vec<IngestionMessageId>>,
) -> Result<u64> {
    if messages.as_ref().is_some_and(|messages| messages.len() as u64 > RETRIED_MOST.unsigned_abs()) {
        let detail = format!("at most {RETRIED_MOST} at once; retry the rest in further calls");
        return Err(Problem::field("/message_ids", detail).into());
    }
    let messages = Arc::new(messages);
    let retried = run(gateway, viewer, move |work| {
        let messages = Arc::clone(&messages);
        Box::pin(async move {
            let source = to_change(work, id).await?;
            let retried = refused::retry(work, id, messages.as_deref(), RETRIED_MOST).await?;
            work.audit("ingestion_source.retry", source.id, Some(&retried.to_string()))?;
            Ok(retried)
        })
    })
    .await?;
    gateway.ingestion.bell.notify_one();
    Ok(retried)
}

async fn to_change(work: &Work, id: IngestionSourceId) -> Result<IngestionSource> {
    let source = stored::find(work, id, &reference::org_unit::reach(work)).await?;
    source.ok_or_else(|| Problem::not_found("source").into())
}
