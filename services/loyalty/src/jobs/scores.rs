//! Scores the base once a day, soon after midnight (UTC) or when the service starts later.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use kit::{
    Result, Runtime,
    command::{self, Decision},
    error::Chain,
    lease,
};
use schema::api::loyalty::RfmScoring;

use crate::{app::score_base, storage};

/// How often it looks whether the day was scored.
const INTERVAL: Duration = Duration::from_secs(60);
/// The name of the lease.
const LEASE: &str = "loyalty.scores";

pub(super) fn keep(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        loop {
            if let Err(error) = round(&runtime).await {
                tracing::warn!(error = %Chain(&error), "scoring the base is interrupted");
            }
            tokio::select! {
                () = runtime.stop.cancelled() => break,
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
        // One that cannot be given back runs out by itself.
        let _ = lease::release(&runtime.db, LEASE, runtime.instance).await;
    })
}

async fn round(runtime: &Arc<Runtime>) -> Result<()> {
    let day = score_base::day(runtime.clock.now().date_naive());
    if storage::rfm::is_kept(&runtime.db, day).await?
        || !lease::hold(&runtime.db, LEASE, runtime.instance).await?
    {
        return Ok(());
    }
    let score: Decision<RfmScoring> = Arc::new(|work| Box::pin(score_base::score(work)));
    command::run(runtime, None, None, score).await?;
    Ok(())
}
