//! How far an export is, on standard error: standard output may be the file.

use std::{
    io::{self, IsTerminal as _, Write as _},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How often the progress is said on a terminal, and elsewhere.
const EVERY: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(15)];

/// What was written so far.
pub(super) struct Progress {
    /// Rows; a header is none.
    pub(super) rows: AtomicU64,
    began: Instant,
}

impl Progress {
    /// Nothing was written yet.
    pub(super) fn begin() -> Self {
        Self { rows: AtomicU64::new(0), began: Instant::now() }
    }

    /// Says how far it is, over and over.
    pub(super) async fn say(self: Arc<Self>) {
        let terminal = io::stderr().is_terminal();
        let every = if terminal { EVERY[0] } else { EVERY[1] };
        let mut before = 0;
        loop {
            tokio::time::sleep(every).await;
            let rows = self.rows.load(Ordering::Relaxed);
            let line = format!("{rows} rows, {} rows/s", (rows - before) / every.as_secs());
            before = rows;
            // On a terminal the line is written over.
            let line = if terminal { format!("\r\x1b[K{line}\r") } else { format!("{line}\n") };
            let mut to = io::stderr();
            // Nobody looks: that is no reason to stop.
            let _ = to.write_all(line.as_bytes()).and_then(|()| to.flush());
        }
    }

    /// What it came to, and where it is.
    pub(super) fn summary(&self, kept: &str) -> String {
        let rows = self.rows.load(Ordering::Relaxed);
        let milliseconds = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = rows.saturating_mul(1000) / milliseconds;
        let (seconds, tenths) = (milliseconds / 1000, milliseconds % 1000 / 100);
        format!("{rows} rows in {seconds}.{tenths} s ({rate} rows/s){kept}")
    }
}
