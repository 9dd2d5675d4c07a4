//! What is over is forgotten, what waited in vain expires, and what waits is measured.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use futures::future::BoxFuture;
use kit::{Result, Work, command};
use schema::api::ingestion::MessageState;

use super::super::Gateway;
use crate::storage::ingestion::{
    count::{self, Sort},
    link, message,
};

/// How long a message waits for whose it is.
const WAIT: TimeDelta = TimeDelta::days(14);
/// How long a message that is over is remembered: until then it is recognised when it comes again, and one
/// that was refused can be retried.
const REMEMBERED: TimeDelta = TimeDelta::days(30);
/// How long it is remembered whose a device is that nobody identified themselves on since.
const LINKED: TimeDelta = TimeDelta::days(400);
/// Rows of one transaction.
const BATCH: i64 = 1_000;

/// Does a bounded part of what is due; idempotent. `true` when there may be more.
pub(crate) async fn tidy(gateway: &Arc<Gateway>) -> Result<bool> {
    let decide: command::Decision<u64> = Arc::new(|work: &mut Work| {
        let done: BoxFuture<'_, Result<u64>> = Box::pin(async move {
            let expired = message::expire(work, work.now() - WAIT, BATCH).await?;
            let mut counts: BTreeMap<Sort, i64> = BTreeMap::new();
            for (source, call) in &expired {
                *counts.entry((*source, *call, None, MessageState::Expired)).or_default() += 1;
            }
            count::add(work, &counts).await?;
            let forgotten = message::forget(work, work.now() - REMEMBERED, BATCH).await?;
            link::forget(work, work.now() - LINKED, BATCH).await?;
            message::recheck(work, BATCH).await?;
            Ok(forgotten.max(expired.len() as u64))
        });
        done
    });
    let done = command::run(&gateway.runtime, None, None, decide).await?.reply;
    Ok(done >= u64::try_from(BATCH).unwrap_or(u64::MAX))
}

/// Measures what is to be forwarded.
pub(crate) async fn measure(gateway: &Arc<Gateway>) -> Result<()> {
    let (count, since) = message::backlog(&gateway.runtime.db).await?;
    let age = since.map_or(0, |since| (gateway.runtime.clock.now() - since).num_seconds());
    gateway.ingestion.set_pending(count);
    kit::metrics::ingestion_pending(count, age);
    Ok(())
}
