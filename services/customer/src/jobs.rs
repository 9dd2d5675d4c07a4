//! Work driven by time: the root of the organisation, which must exist before anything else can.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use kit::{Runtime, command};

use crate::app;

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
