//! Work driven by time: holds whose time has come are released. One replica at a time does it, by lease; one
//! that loses the lease half-way does no harm, because a hold expires once.
//!
//! Nothing depends on how soon: an open hold whose time has come reads as expired. The job tells the others.

mod scores;
mod segments;

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use kit::{
    Result, Runtime,
    command::{self, Decision},
    error::Chain,
    lease,
    service::Job,
};

use crate::{app, storage};

/// How often it looks.
const INTERVAL: Duration = Duration::from_millis(1_000);
/// Holds of one round; the lease is renewed between rounds.
const BATCH: u32 = 100;
/// The name of the lease.
const LEASE: &str = "loyalty.expire_holds";

/// All jobs of the service.
pub(crate) fn jobs() -> Vec<Job> {
    vec![expire_holds, segments::keep, scores::keep]
}

fn expire_holds(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        loop {
            let wait = match round(&runtime).await {
                Ok(done) if done == BATCH as usize => Duration::ZERO,
                Ok(_) => INTERVAL,
                Err(error) => {
                    tracing::warn!(error = %Chain(&error), "releasing expired holds is interrupted");
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

/// Releases at most [`BATCH`] holds, each in a transaction of its own, and says how many were due.
async fn round(runtime: &Arc<Runtime>) -> Result<usize> {
    let due = storage::hold::expired(&runtime.db, runtime.clock.now(), BATCH).await?;
    if due.is_empty() || !lease::hold(&runtime.db, LEASE, runtime.instance).await? {
        return Ok(0);
    }
    for (customer, id) in &due {
        if runtime.stop.is_cancelled() {
            break;
        }
        let (customer, id) = (*customer, *id);
        let expire: Decision<bool> =
            Arc::new(move |work| Box::pin(app::expire_hold::expire_hold(work, customer, id)));
        if let Err(error) = command::run(runtime, None, None, expire).await {
            tracing::warn!(error = %Chain(&error), hold.id = %id, "a hold is not released yet");
        }
    }
    Ok(due.len())
}
