//! Serves a read after a write: the section that the consistency token covers is fetched at once when
//! the held one is older, for at most [`PATIENCE`]; then the row is served as it is, with its age.

use std::{sync::Arc, time::Duration};

use kit::Result;
use schema::access::Scope;

use super::{Gateway, read, refresh};
use crate::domain::{consistency::Consistency, row::Row};

/// How long a read waits for its own write.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long it waits when the section was never fetched.
const PATIENCE_FOR_THE_FIRST: Duration = Duration::from_millis(500);

/// The row, if possible with what the token covers.
pub(crate) async fn catch_up(
    gateway: &Arc<Gateway>,
    row: Arc<Row>,
    scope: &Scope,
    wanted: Consistency,
) -> Result<Option<Arc<Row>>> {
    if has(&row, wanted) {
        return Ok(Some(row));
    }
    let patience = match row.freshness(wanted.section).revision {
        Some(_) => PATIENCE,
        None => PATIENCE_FOR_THE_FIRST,
    };
    let (shared, ids) = (Arc::clone(gateway), [row.customer_id]);
    // Goes on after our patience ends: the claim that it takes must be given back.
    let fetch = gateway.runtime.background.spawn_on(
        async move { refresh::fetch_now(&shared, wanted.section, &ids).await },
        &gateway.runtime.tasks,
    );
    match tokio::time::timeout(patience, fetch).await {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) => {
            tracing::debug!(error = %kit::error::Chain(&error), "served with its age");
        }
        Ok(Err(error)) => tracing::warn!(%error, "a refresh panicked"),
        Err(_) => tracing::debug!("served with its age: the owner takes its time"),
    }
    // Read again in any case: somebody else may have been quicker, and the scope may have changed.
    Ok(read::rows(gateway, &ids, scope).await?.pop())
}

fn has(row: &Row, wanted: Consistency) -> bool {
    row.freshness(wanted.section).revision.is_some_and(|held| held >= wanted.revision)
}
