//! Work driven by time: the root of the organisation, which must exist before anything else can, relationships
//! that begin or end by the calendar, and customers who lapse by it.

use std::{sync::Arc, time::Duration};

use chrono::NaiveDate;
use futures::future::BoxFuture;
use kit::{
    Result, Runtime,
    command::{self, Decision},
    error::Chain,
    lease,
};

use crate::{app, domain::stage, storage};

/// How often relationships are looked at.
const INTERVAL: Duration = Duration::from_secs(10);
/// Relationships of one round; the lease is renewed between rounds.
const BATCH: u32 = 100;
/// The lease of the replica that turns relationships.
const LEASE: &str = "customer.turn_relationships";
/// The most customers of one transaction that tells of lapses.
const LAPSES: u32 = 500;
/// The lease of the replica that tells of lapses.
const LAPSE_LEASE: &str = "customer.tell_lapses";

/// Founds the organisation once; tries again while the database is away.
pub(crate) fn found_organisation(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        loop {
            let decide = Arc::new(app::found_organisation::found_organisation);
            match command::run(&runtime, None, None, decide).await {
                Ok(_) => return,
                Err(error) => tracing::warn!(%error, "the root unit cannot be created now"),
            }
            tokio::select! {
                () = runtime.stop.cancelled() => return,
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
    })
}

/// Tells of relationships that began or ended by the calendar, so that the view shows those of today. One
/// replica at a time does it; one that loses the lease half-way does no harm, because a turn is taken once.
pub(crate) fn turn_relationships(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        loop {
            let wait = match round(&runtime).await {
                Ok(done) if done == BATCH as usize => Duration::ZERO,
                Ok(_) => INTERVAL,
                Err(error) => {
                    tracing::warn!(error = %Chain(&error), "turning relationships is interrupted");
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

/// Turns at most [`BATCH`] relationships, each in a transaction of its own, and says how many it turned.
async fn round(runtime: &Arc<Runtime>) -> Result<usize> {
    let due = storage::relationship::due(&runtime.db, runtime.clock.now().date_naive(), BATCH).await?;
    if due.is_empty() || !lease::hold(&runtime.db, LEASE, runtime.instance).await? {
        return Ok(0);
    }
    let mut done = 0;
    for (customer, id) in due {
        if runtime.stop.is_cancelled() {
            break;
        }
        let turn: Decision<bool> =
            Arc::new(move |work| Box::pin(app::turn_relationship::turn_relationship(work, customer, id)));
        match command::run(runtime, None, None, turn).await {
            Ok(_) => done += 1,
            Err(error) => {
                tracing::warn!(error = %Chain(&error), relationship.id = %id, "a relationship is not turned yet");
            }
        }
    }
    Ok(done)
}

/// Tells once a day of the customers who lapsed since, so that the view shows it on that day. One replica at a time
/// does it; one that loses the lease half-way does no harm, because a lapse is told once.
pub(crate) fn tell_lapses(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let mut done: Option<NaiveDate> = None;
        loop {
            let today = runtime.clock.now().date_naive();
            let mut wait = INTERVAL;
            if done != Some(today) {
                match lapses(&runtime, today).await {
                    Ok(Some(0)) => done = Some(today),
                    Ok(Some(_)) => wait = Duration::ZERO,
                    Ok(None) => {}
                    Err(error) => {
                        tracing::warn!(error = %Chain(&error), "telling of lapsed customers is interrupted");
                    }
                }
            }
            tokio::select! {
                () = runtime.stop.cancelled() => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        // One that cannot be given back runs out by itself.
        let _ = lease::release(&runtime.db, LAPSE_LEASE, runtime.instance).await;
    })
}

/// Tells of at most [`LAPSES`] customers in one transaction. Says how many were found; none when another replica
/// is at it.
async fn lapses(runtime: &Arc<Runtime>, today: NaiveDate) -> Result<Option<usize>> {
    let found: Arc<[_]> =
        storage::stage::lapsed(&runtime.db, stage::lapsed_before(today), LAPSES).await?.into();
    if found.is_empty() {
        return Ok(Some(0));
    }
    if !lease::hold(&runtime.db, LAPSE_LEASE, runtime.instance).await? {
        return Ok(None);
    }
    let count = found.len();
    let tell: Decision<usize> = Arc::new(move |work| {
        let found = Arc::clone(&found);
        Box::pin(async move { app::lapse::lapse(work, &found).await })
    });
    command::run(runtime, None, None, tell).await?;
    Ok(Some(count))
}
