//! Work driven by time: holds whose time has come are released, accounts in which a lot expires or a tier is
//! reviewed are settled, and it is told who runs out of something. One replica at a time does each, by lease;
//! one that loses the lease half-way does no harm, because each of these happens once.
//!
//! Nothing depends on how soon: an open hold whose time has come reads as expired, and what has expired cannot
//! be held. The jobs tell the others.

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

/// How often they look.
const INTERVAL: Duration = Duration::from_millis(1_000);
/// What one round does; the lease is renewed between rounds.
const BATCH: u32 = 100;

/// All jobs of the service.
pub(crate) fn jobs() -> Vec<Job> {
    vec![expire_holds, settle_accounts, tell_replenishments, segments::keep, scores::keep]
}

/// Each thing that is due, as a decision with a transaction of its own.
type Due = Vec<Decision<()>>;

fn expire_holds(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    rounds(runtime, "loyalty.expire_holds", |runtime| {
        Box::pin(async move {
            let due = storage::hold::expired(&runtime.db, runtime.clock.now(), BATCH).await?;
            let expire = |(customer, id)| -> Decision<()> {
                Arc::new(move |work| {
                    Box::pin(async move {
                        app::expire_hold::expire_hold(work, customer, id).await?;
                        Ok(())
                    })
                })
            };
            Ok(due.into_iter().map(expire).collect())
        })
    })
}

fn settle_accounts(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    rounds(runtime, "loyalty.settle_accounts", |runtime| {
        Box::pin(async move {
            let due = storage::account::due(&runtime.db, runtime.clock.now(), BATCH).await?;
            let settle = |customer| -> Decision<()> {
                Arc::new(move |work| Box::pin(app::settle_account::settle_account(work, customer)))
            };
            Ok(due.into_iter().map(settle).collect())
        })
    })
}

fn tell_replenishments(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    rounds(runtime, "loyalty.tell_replenishments", |runtime| {
        Box::pin(async move {
            let due = storage::supply::due(&runtime.db, runtime.clock.now(), BATCH).await?;
            let tell = |(customer, sku): (_, String)| -> Decision<()> {
                Arc::new(move |work| {
                    let sku = sku.clone();
                    Box::pin(async move {
                        app::tell_replenishment::tell_replenishment(work, customer, &sku).await
                    })
                })
            };
            Ok(due.into_iter().map(tell).collect())
        })
    })
}

/// Looks again and again until the service ends.
fn rounds(
    runtime: Arc<Runtime>,
    lease: &'static str,
    look: fn(Arc<Runtime>) -> BoxFuture<'static, Result<Due>>,
) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        loop {
            let wait = match round(&runtime, lease, look).await {
                Ok(true) => Duration::ZERO,
                Ok(false) => INTERVAL,
                Err(error) => {
                    tracing::warn!(job = lease, error = %Chain(&error), "a round is interrupted");
                    INTERVAL
                }
            };
            tokio::select! {
                () = runtime.stop.cancelled() => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        // One that cannot be given back runs out by itself.
        let _ = lease::release(&runtime.db, lease, runtime.instance).await;
    })
}

/// Does at most [`BATCH`] things, each in a transaction of its own. `true` when all went well and there may be
/// more.
async fn round(
    runtime: &Arc<Runtime>,
    lease: &str,
    look: fn(Arc<Runtime>) -> BoxFuture<'static, Result<Due>>,
) -> Result<bool> {
    let due = look(Arc::clone(runtime)).await?;
    if due.is_empty() || !lease::hold(&runtime.db, lease, runtime.instance).await? {
        return Ok(false);
    }
    let mut all_well = due.len() == BATCH as usize;
    for decision in due {
        if runtime.stop.is_cancelled() {
            break;
        }
        if let Err(error) = command::run(runtime, None, None, decision).await {
            all_well = false;
            tracing::warn!(job = lease, error = %Chain(&error), "something is not done yet");
        }
    }
    Ok(all_well)
}
