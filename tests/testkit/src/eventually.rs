//! Waiting for what must become true, without sleeping longer than it takes.

use std::{
    future::Future,
    time::{Duration, Instant},
};

/// Asks again and again until there is an answer; panics with `what` when there is none in `within`.
pub async fn eventually<T, F: Future<Output = Option<T>>>(
    what: &str,
    within: Duration,
    mut ask: impl FnMut() -> F,
) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(started.elapsed() < within, "not within {within:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
