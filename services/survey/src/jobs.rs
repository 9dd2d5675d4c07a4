//! Work driven by time: occasions come due, waves invite, reminders are proposed, and what was not answered runs
//! out. One replica at a time does each, by lease; one that loses the lease half-way does no harm, because each
//! step is decided under the customer's revision and happens once.

use std::{future::Future, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use kit::{
    Result, Runtime,
    command::{self, Decision},
    error::Chain,
    lease,
    service::Job,
};
use schema::ids::{CustomerId, InvitationId, WaveId};

use crate::{app, storage};

/// How often a job looks.
const INTERVAL: Duration = Duration::from_millis(1_000);
/// Steps of one round; the lease is renewed between rounds.
const BATCH: u32 = 100;
/// What a job of invitations does with one of them.
type Step = for<'a> fn(&'a mut kit::Work, CustomerId, InvitationId) -> BoxFuture<'a, Result<bool>>;

/// All jobs of the service.
pub(crate) fn jobs() -> Vec<Job> {
    vec![
        |runtime| Box::pin(every(runtime, "survey.propose", propose)),
        |runtime| Box::pin(every(runtime, "survey.waves", waves)),
        |runtime| Box::pin(every(runtime, "survey.remind", remind)),
        |runtime| Box::pin(every(runtime, "survey.expire", expire)),
    ]
}

/// Does rounds until the service ends. A round says whether there may be more to do at once.
async fn every<F>(runtime: Arc<Runtime>, lease: &'static str, round: fn(Arc<Runtime>, &'static str) -> F)
where
    F: Future<Output = Result<bool>>,
{
    loop {
        let wait = match round(Arc::clone(&runtime), lease).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => INTERVAL,
            Err(error) => {
                tracing::warn!(error = %Chain(&error), job = lease, "a job is interrupted");
                INTERVAL
            }
        };
        tokio::select! {
            () = runtime.stop.cancelled() => break,
            () = tokio::time::sleep(wait) => {}
        }
    }
    // One that cannot be given back runs out by itself.
    let _ = lease::release(&runtime.db, lease, runtime.instance).await;
}

async fn propose(runtime: Arc<Runtime>, lease: &'static str) -> Result<bool> {
    let due = storage::occasion::due(&runtime.db, runtime.clock.now(), BATCH).await?;
    each(&runtime, lease, due, |work, customer, id| Box::pin(app::propose::propose(work, customer, id))).await
}

async fn remind(runtime: Arc<Runtime>, lease: &'static str) -> Result<bool> {
    let due = storage::invitation::to_remind(&runtime.db, runtime.clock.now(), BATCH).await?;
    each(&runtime, lease, due, |work, customer, id| Box::pin(app::remind::remind(work, customer, id))).await
}

async fn expire(runtime: Arc<Runtime>, lease: &'static str) -> Result<bool> {
    let due = storage::invitation::to_expire(&runtime.db, runtime.clock.now(), BATCH).await?;
    each(&runtime, lease, due, |work, customer, id| Box::pin(app::expire::expire(work, customer, id))).await
}

/// Takes the step with each of them, in a transaction of its own. There may be more when all of them succeeded.
async fn each(
    runtime: &Arc<Runtime>,
    lease: &'static str,
    due: Vec<(CustomerId, InvitationId)>,
    step: Step,
) -> Result<bool> {
    if due.is_empty() || !lease::hold(&runtime.db, lease, runtime.instance).await? {
        return Ok(false);
    }
    let mut more = due.len() == BATCH as usize;
    for (customer, id) in due {
        if runtime.stop.is_cancelled() {
            break;
        }
        let decision: Decision<bool> = Arc::new(move |work| step(work, customer, id));
        if let Err(error) = command::run(runtime, None, None, decision).await {
            more = false;
            tracing::warn!(error = %Chain(&error), job = lease, invitation.id = %id, "a step is not taken yet");
        }
    }
    Ok(more)
}

/// Closes waves whose period is over, and invites the next customers of open ones.
async fn waves(runtime: Arc<Runtime>, lease: &'static str) -> Result<bool> {
    let now = runtime.clock.now();
    let over = storage::wave::over(&runtime.db, now, BATCH).await?;
    let open = storage::wave::open(&runtime.db, now, BATCH).await?;
    if (over.is_empty() && open.is_empty()) || !lease::hold(&runtime.db, lease, runtime.instance).await? {
        return Ok(false);
    }
    for wave in over {
        let end: Decision<bool> = Arc::new(move |work| Box::pin(app::move_wave::end(work, wave)));
        command::run(&runtime, None, None, end).await?;
    }
    let mut more = false;
    for wave in open {
        if runtime.stop.is_cancelled() {
            break;
        }
        more |= batch(&runtime, wave).await?;
    }
    Ok(more)
}

async fn batch(runtime: &Arc<Runtime>, wave: WaveId) -> Result<bool> {
    let invite: Decision<bool> = Arc::new(move |work| Box::pin(app::invite_wave::invite_wave(work, wave)));
    Ok(command::run(runtime, None, None, invite).await?.reply)
}
