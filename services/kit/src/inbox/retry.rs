//! The retries: failed events that are due are applied again, one replica at a time.

use std::{sync::Arc, time::Duration};

use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

use super::{Delivery, apply, keep};
use crate::{
    db::statement,
    error::{Chain, Result},
    lease,
    service::Runtime,
};

/// How often due events are looked for.
const INTERVAL: Duration = Duration::from_millis(200);
/// The most events of one round.
const ROUND: i64 = 100;

/// Runs until the service stops.
pub async fn run(runtime: Arc<Runtime>) {
    let holder = Uuid::new_v5(&runtime.instance, b"retries");
    loop {
        tokio::select! {
            () = runtime.stop.cancelled() => break,
            () = tokio::time::sleep(INTERVAL) => {}
        }
        if let Err(error) = round(&runtime, holder).await {
            tracing::warn!(error = %Chain(&error), "retries cannot run now");
            tokio::time::sleep(lease::RENEWAL).await;
        }
    }
    // The lease runs out by itself if it cannot be given back.
    let _ = lease::release(&runtime.db, "retries", holder).await;
}

async fn round(runtime: &Arc<Runtime>, holder: Uuid) -> Result<()> {
    let due = runtime
        .db
        .read()
        .query_all_raw(statement(
            runtime.db.read(),
            "SELECT event_id, envelope FROM failed_event WHERE retry_at <= $1 ORDER BY retry_at LIMIT $2",
            vec![runtime.clock.now().into(), ROUND.into()],
        ))
        .await?;
    if due.is_empty() || !lease::hold(&runtime.db, "retries", holder).await? {
        return Ok(());
    }
    for row in due {
        let event_id: Uuid = row.try_get("", "event_id")?;
        let text: String = row.try_get("", "envelope")?;
        let delivery = Delivery::recorded(&text);
        match apply(runtime, std::slice::from_ref(&delivery), None).await {
            // Applied now, or found applied: either way it is done. Dying before this line only repeats it.
            Ok(()) => {
                runtime
                    .db
                    .execute("DELETE FROM failed_event WHERE event_id = $1", vec![event_id.into()])
                    .await?;
            }
            Err(error) if error.is_outage() => return Err(error),
            Err(error) => keep(runtime, Some(&delivery), error, None).await?,
        }
    }
    Ok(())
}
