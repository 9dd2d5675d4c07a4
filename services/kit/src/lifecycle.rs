//! The end of a process: signals, and the order in which things stop.
//!
//! First no new requests, then those under way, then consumers and jobs (each finishes its batch), then
//! the relay, then telemetry. All of it within [`GRACE`]; what is not done by then is safe to lose,
//! because nothing is acknowledged before it is committed.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

/// How long an orderly end may take.
pub const GRACE: Duration = Duration::from_secs(25);

/// Waits until somebody asks this process to end (`SIGTERM`, `SIGINT`).
///
/// # Errors
/// When the signals cannot be listened to.
pub async fn asked_to_end() -> std::io::Result<()> {
    let mut term = signal(SignalKind::terminate())?;
    let mut int = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    Ok(())
}
