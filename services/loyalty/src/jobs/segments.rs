//! Compares the kept membership of segments with their conditions: soon after a segment, a list or the scores
//! changed, and every few minutes, because recency, windows and consents change with time, and units move.
//!
//! A statement finds the strays; each is judged again under the customer's own lock. So whoever changes
//! meanwhile is judged by what is true then.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures::future::BoxFuture;
use kit::{
    Result, Runtime,
    command::{self, Decision},
    error::Chain,
    lease,
};
use schema::ids::{CustomerId, SegmentId};

use crate::{
    app::{membership, plan_segment},
    storage::segment,
};

/// How often it looks whether a segment is due.
const INTERVAL: Duration = Duration::from_millis(1_000);
/// How long after a comparison a segment is due again.
const AGAIN: TimeDelta = TimeDelta::minutes(15);
/// Strays that are judged in one transaction.
const BATCH: u32 = 100;
/// The name of the lease.
const LEASE: &str = "loyalty.segments";

pub(super) fn keep(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        loop {
            let wait = match round(&runtime).await {
                Ok(true) => Duration::ZERO,
                Ok(false) => INTERVAL,
                Err(error) => {
                    tracing::warn!(error = %Chain(&error), "comparing segments is interrupted");
                    INTERVAL
                }
            };
            tokio::select! {
                () = runtime.stop.cancelled() => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        // One that cannot be given back runs out by itself.
        let _ = lease::release(&runtime.db, LEASE, runtime.instance).await;
    })
}

/// Compares the segment that is due the longest; whether there was one.
async fn round(runtime: &Arc<Runtime>) -> Result<bool> {
    let now = runtime.clock.now();
    let Some((id, was_due)) = segment::due(&runtime.db, now).await? else { return Ok(false) };
    if !lease::hold(&runtime.db, LEASE, runtime.instance).await? {
        return Ok(false);
    }
    let compared = compare(runtime, id).await;
    if compared.as_ref().is_ok_and(|done| !done) {
        return Ok(false);
    }
    // One that cannot be compared does not keep back the others.
    segment::done(&runtime.db, id, was_due, now + AGAIN).await?;
    compared?;
    Ok(true)
}

/// Judges every stray of a segment; `false` when it had to stop half-way.
async fn compare(runtime: &Arc<Runtime>, id: SegmentId) -> Result<bool> {
    let (_, plan) = plan_segment::of_segment(&runtime.db, id, runtime.clock.now()).await?;
    let mut after: Option<CustomerId> = None;
    loop {
        let strays = segment::member::strays(&runtime.db, id, &plan, after, BATCH).await?;
        let (Some(last), whole) = (strays.last().copied(), strays.len() == BATCH as usize) else {
            return Ok(true);
        };
        if runtime.stop.is_cancelled() || !lease::hold(&runtime.db, LEASE, runtime.instance).await? {
            return Ok(false);
        }
        let judge: Decision<usize> = Arc::new(move |work| {
            let strays = strays.clone();
            Box::pin(async move { membership::reconcile(work, id, &strays).await })
        });
        command::run(runtime, None, None, judge).await?;
        if !whole {
            return Ok(true);
        }
        after = Some(last);
    }
}
