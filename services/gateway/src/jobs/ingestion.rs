//! Tracked messages: written in groups on every replica, forwarded by one at a time, which is woken by what
//! comes in and by a timer, and tidied now and then.

use std::{sync::Arc, time::Duration};

use kit::{Result, error::Chain, lease};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::app::{
    Gateway,
    ingestion::{accept, forward, tidy},
};

const LEASE: &str = "gateway.ingestion";
/// How often the forwarder looks without being woken.
const INTERVAL: Duration = Duration::from_secs(1);
/// The longest rest while an owner is away.
const REST_LONGEST: Duration = Duration::from_secs(10);
/// The first rest.
const REST_FIRST: Duration = Duration::from_millis(100);
/// How often what waits is measured.
const MEASURED: Duration = Duration::from_secs(5);
/// How often what is over is forgotten.
const TIDIED: Duration = Duration::from_secs(30);

/// Starts them; the end of the service waits for them.
pub(super) fn start(gateway: &Arc<Gateway>) {
    let (background, tasks) = (&gateway.runtime.background, &gateway.runtime.tasks);
    if let Some(unwritten) = gateway.ingestion.take_unwritten() {
        background.spawn_on(accept::write_all(Arc::clone(gateway), unwritten), tasks);
    }
    background.spawn_on(forward_all(Arc::clone(gateway)), tasks);
    background.spawn_on(measure_all(Arc::clone(gateway)), tasks);
}

async fn forward_all(gateway: Arc<Gateway>) {
    let runtime = &gateway.runtime;
    let mut rest = REST_FIRST;
    let mut tidied = Instant::now();
    while !runtime.stop.is_cancelled() {
        let span = tracing::debug_span!("ingestion.forward");
        let wait = match round(&gateway, &mut tidied).instrument(span).await {
            Ok(true) => {
                rest = REST_FIRST;
                continue;
            }
            Ok(false) => {
                rest = REST_FIRST;
                INTERVAL
            }
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "forwarding tracked messages is interrupted");
                rest = (rest * 2).min(REST_LONGEST);
                rest
            }
        };
        // After a failure the timer counts: more messages do not bring an owner back.
        let wakes = wait == INTERVAL;
        tokio::select! {
            () = runtime.stop.cancelled() => break,
            () = tokio::time::sleep(wait) => {}
            () = gateway.ingestion.bell.notified(), if wakes => {}
        }
    }
    // One that cannot be given back runs out by itself.
    let _ = lease::release(&runtime.db, LEASE, runtime.instance).await;
}

/// `true` when there may be more.
async fn round(gateway: &Arc<Gateway>, tidied: &mut Instant) -> Result<bool> {
    let is_tidy = tidied.elapsed() < TIDIED;
    if is_tidy && !forward::is_due(gateway).await? {
        return Ok(false);
    }
    if !lease::hold(&gateway.runtime.db, LEASE, gateway.runtime.instance).await? {
        return Ok(false);
    }
    if !is_tidy && !tidy::tidy(gateway).await? {
        *tidied = Instant::now();
    }
    forward::round(gateway).await
}

async fn measure_all(gateway: Arc<Gateway>) {
    loop {
        if let Err(error) = tidy::measure(&gateway).await {
            tracing::warn!(error = %Chain(&error), "tracked messages cannot be counted");
        }
        tokio::select! {
            () = gateway.runtime.stop.cancelled() => return,
            () = tokio::time::sleep(MEASURED) => {}
        }
    }
}
