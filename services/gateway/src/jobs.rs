//! The refreshers: one for each section, woken by what marks it stale and by a timer.
//!
//! Rounds of one section are at least 50 ms apart, so a busy customer is fetched at most twenty times a
//! second, and the more happens the larger the batches. While an owner is away its refresher rests.

mod ingestion;

use std::{sync::Arc, time::Duration};

use kit::error::Chain;
use schema::api::section::{BATCH_MAX, Section};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::{
    app::{
        Gateway,
        refresh::{self, Round},
    },
    domain::backoff,
    storage::stale,
};

/// How often a refresher looks without being woken.
const INTERVAL: Duration = Duration::from_millis(500);
/// The longest rest while an owner is away.
const REST_LONGEST: Duration = Duration::from_secs(2);

/// Starts the refreshers, and what takes tracked messages on; the end of the service waits for them.
pub(crate) fn start(gateway: &Arc<Gateway>) {
    ingestion::start(gateway);
    for section in Section::ALL {
        let run = run(Arc::clone(gateway), section);
        gateway.runtime.background.spawn_on(run, &gateway.runtime.tasks);
    }
}

async fn run(gateway: Arc<Gateway>, section: Section) {
    let mut rest = backoff::FIRST;
    while !gateway.runtime.stop.is_cancelled() {
        let started = Instant::now();
        let span = tracing::debug_span!("view.refresh", section = section.name());
        let (wait, wakes) = match round(&gateway, section).instrument(span).await {
            Ok((Round::Done(_), true)) => continue,
            Ok((Round::Done(again), false)) => {
                rest = backoff::FIRST;
                (again.map_or(INTERVAL, |again| again.min(INTERVAL)), true)
            }
            Ok((Round::OwnerAway, _)) => {
                rest = (rest * 2).min(REST_LONGEST);
                (rest, false)
            }
            Err(error) => {
                tracing::warn!(error = %Chain(&error), section = section.name(), "refreshing is interrupted");
                rest = (rest * 2).min(REST_LONGEST);
                (rest, false)
            }
        };
        let earliest = started + backoff::FIRST;
        tokio::select! {
            () = gateway.runtime.stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
            () = gateway.bell(section).notified(), if wakes => {
                tokio::time::sleep_until(earliest).await;
            }
        }
    }
}

/// Claims a batch and fetches it; `true` when there may be more. What somebody looks at goes first.
async fn round(gateway: &Arc<Gateway>, section: Section) -> kit::Result<(Round, bool)> {
    let db = &gateway.runtime.db;
    let hints = gateway.take_hints(section, BATCH_MAX);
    let mut claimed = stale::claim(db, section, Some(&hints), BATCH_MAX).await?;
    claimed.extend(stale::claim(db, section, None, BATCH_MAX - claimed.len()).await?);
    if claimed.is_empty() {
        return Ok((Round::Done(None), false));
    }
    let is_full = claimed.len() == BATCH_MAX;
    Ok((refresh::refresh(gateway, section, claimed).await?, is_full))
}
