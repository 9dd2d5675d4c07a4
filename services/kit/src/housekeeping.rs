//! Housekeeping: forgets what is older than the inbox remembers, and measures what waits.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait as _;

use crate::{
    db::statement,
    error::{Chain, Result},
    inbox::REMEMBERED,
    metrics,
    service::Runtime,
};

/// How often.
const INTERVAL: Duration = Duration::from_secs(15);

/// Runs until the service stops. Idempotent, so every replica may.
pub(crate) async fn run(runtime: Arc<Runtime>) {
    loop {
        if let Err(error) = tidy(&runtime).await {
            tracing::warn!(error = %Chain(&error), "tidying up failed");
        }
        tokio::select! {
            () = runtime.stop.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn tidy(runtime: &Runtime) -> Result<()> {
    let db = &runtime.db;
    let now = runtime.clock.now();
    let before = now - REMEMBERED;
    // What failed here and then came again and was applied is done; retried after the inbox has forgotten
    // it, it would be applied twice.
    db.execute("DELETE FROM failed_event WHERE event_id IN (SELECT event_id FROM inbox)", vec![]).await?;
    db.execute("DELETE FROM inbox WHERE received_at < $1", vec![before.into()]).await?;
    db.execute("DELETE FROM idempotency WHERE created_at < $1", vec![before.into()]).await?;
    // The embedded outbox is kept: it is what subscribers on the local bus read.
    if !runtime.config.is_embedded() {
        db.execute("DELETE FROM outbox WHERE published_at < $1", vec![before.into()]).await?;
    }
    // On the local bus nothing is published: subscribers read the outbox itself.
    let unpublished = match runtime.config.bus.url.as_str() {
        "local" => "CAST(0 AS bigint)",
        _ => "(SELECT count(*) FROM outbox WHERE published_at IS NULL)",
    };
    let sql = format!(
        "SELECT (SELECT min(parked_at) FROM waiting_for), \
         (SELECT count(*) FROM failed_event WHERE retry_at IS NULL), {unpublished}"
    );
    if let Some(row) = db.read().query_one_raw(statement(db.read(), &sql, vec![])).await? {
        let parked: Option<DateTime<Utc>> = row.try_get_by_index(0)?;
        let unpublished: i64 = row.try_get_by_index(2)?;
        let age = parked.map_or(0, |at| (now - at).num_seconds());
        metrics::backlog(runtime.service, age, row.try_get_by_index(1)?, unpublished);
    }
    Ok(())
}
