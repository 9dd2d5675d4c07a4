//! Work driven by time: due times of cases, tasks and promises are seen to, and action plans are made at night. One
//! replica at a time does each, by lease; one that loses the lease half-way does no harm, because each thing is
//! done once.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use kit::{
    Result, Runtime,
    command::{self, Decision},
    error::Chain,
    lease,
    service::Job,
};

use crate::{app, storage};

/// How often each job looks.
const INTERVAL: Duration = Duration::from_millis(1_000);
/// What one round does; the lease is renewed between rounds.
const BATCH: u32 = 100;

/// All jobs of the service.
pub(crate) fn jobs() -> Vec<Job> {
    vec![escalate_cases, breach_tasks, breach_promises, make_nightly_plans]
}

fn escalate_cases(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    Box::pin(run(runtime, "interaction.escalate_cases", |runtime| {
        Box::pin(async move {
            let found = storage::case_clock::to_escalate(&runtime.db, runtime.clock.now(), BATCH).await?;
            let decision = |(path, clock, breach)| -> Decision<bool> {
                let which = (clock, breach);
                Arc::new(move |work| Box::pin(app::escalate_case::escalate_case(work, path, which)))
            };
            Ok(found.into_iter().map(decision).collect())
        })
    }))
}

fn breach_tasks(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    Box::pin(run(runtime, "interaction.breach_tasks", |runtime| {
        Box::pin(async move {
            let found = storage::task::to_breach(&runtime.db, runtime.clock.now(), BATCH).await?;
            let decision = |path| -> Decision<bool> {
                Arc::new(move |work| Box::pin(app::breach_task::breach_task(work, path)))
            };
            Ok(found.into_iter().map(decision).collect())
        })
    }))
}

fn breach_promises(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    Box::pin(run(runtime, "interaction.breach_promises", |runtime| {
        Box::pin(async move {
            let now = runtime.clock.now();
            let found = storage::contact::to_breach(&runtime.db, now, BATCH).await?;
            let decision = |path| -> Decision<bool> {
                Arc::new(move |work| Box::pin(app::breach_promise::breach_promise(work, path, now)))
            };
            Ok(found.into_iter().map(decision).collect())
        })
    }))
}

fn make_nightly_plans(runtime: Arc<Runtime>) -> BoxFuture<'static, ()> {
    Box::pin(run(runtime, "interaction.make_nightly_plans", |runtime| {
        Box::pin(async move {
            let found = storage::plan::due(&runtime.db, runtime.clock.now(), BATCH).await?;
            let decision = |unit| -> Decision<bool> {
                Arc::new(move |work| Box::pin(app::set_nightly_plan::make_nightly(work, unit)))
            };
            Ok(found.into_iter().map(decision).collect())
        })
    }))
}

/// Looks for what is to be done.
type Look = for<'a> fn(&'a Arc<Runtime>) -> BoxFuture<'a, Result<Vec<Decision<bool>>>>;

/// Does what is found, round by round, until the service ends.
async fn run(runtime: Arc<Runtime>, name: &'static str, look: Look) {
    loop {
        let wait = match round(&runtime, name, look).await {
            Ok(done) if done >= BATCH as usize => Duration::ZERO,
            Ok(_) => INTERVAL,
            Err(error) => {
                tracing::warn!(error = %Chain(&error), job = name, "a job is interrupted");
                INTERVAL
            }
        };
        tokio::select! {
            () = runtime.stop.cancelled() => break,
            () = tokio::time::sleep(wait) => {}
        }
    }
    // One that cannot be given back runs out by itself.
    let _ = lease::release(&runtime.db, name, runtime.instance).await;
}

/// Does at most so much, each in a transaction of its own, and says how much was done.
async fn round(runtime: &Arc<Runtime>, name: &'static str, look: Look) -> Result<usize> {
    let found = look(runtime).await?;
    if found.is_empty() || !lease::hold(&runtime.db, name, runtime.instance).await? {
        return Ok(0);
    }
    let mut done = 0;
    for decision in found {
        if runtime.stop.is_cancelled() {
            break;
        }
        match command::run(runtime, None, None, decision).await {
            Ok(_) => done += 1,
            Err(error) => tracing::warn!(error = %Chain(&error), job = name, "something is not done yet"),
        }
    }
    Ok(done)
}
