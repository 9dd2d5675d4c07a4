//! How a command runs: begin, idempotency, decision, outbox, audit, commit; safe to repeat.
//!
//! It runs in a task of its own, so that a client that goes away cannot cancel it half-way. A command
//! whose subject is not known here yet waits for it outside of any transaction, for at most
//! [`PATIENCE`]. A transaction that lost against another one is tried again.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use schema::{
    access::Viewer,
    api::problem::{Code, Problem},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::Instant;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{
    clock::new_id,
    error::{Error, Result},
    inbox::{self, Tally},
    service::Runtime,
    work::Work,
};

/// How long a command waits for its subject to become known.
pub const PATIENCE: Duration = Duration::from_secs(2);
/// Attempts at a transaction that the database refuses because of another one.
const ATTEMPTS: u32 = 4;
/// While it waits, a command looks again this often, in case another replica got the news.
const SECOND_LOOK: Duration = Duration::from_millis(400);

/// What makes a repetition recognisable.
#[derive(Clone, Debug)]
pub struct Repeatable {
    /// The client's `Idempotency-Key`.
    pub key: String,
    /// The endpoint.
    pub route: &'static str,
    /// Hash of everything that was asked; another request under the same key is refused.
    pub fingerprint: String,
}

/// What a command answered.
#[derive(Clone, Debug)]
pub struct Done<T> {
    /// The reply, not yet masked.
    pub reply: T,
    /// The revision that it raised.
    pub revision: Option<i64>,
}

/// The decision of a command: reads and changes within the work's transaction.
pub type Decision<T> = Arc<dyn for<'a> Fn(&'a mut Work) -> BoxFuture<'a, Result<T>> + Send + Sync>;

/// Who commands, and what makes a repetition recognisable.
struct Order {
    viewer: Option<Viewer>,
    repeatable: Option<Repeatable>,
    /// Whether several commands are given at once: what exists already was then looked at before, so a
    /// violated key means that another transaction was faster.
    is_batch: bool,
}

/// Runs a command for `viewer`.
///
/// # Errors
/// What the decision refuses, or why it could not be carried out.
pub async fn run<T>(
    runtime: &Arc<Runtime>,
    viewer: Option<Viewer>,
    repeatable: Option<Repeatable>,
    decide: Decision<T>,
) -> Result<Done<T>>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    carry_out(runtime, Order { viewer, repeatable, is_batch: false }, decide).await
}

/// Runs a batch for `viewer`. As long as it may wait, its decision fails with `NotKnownYet` and is tried
/// again; then it refuses the items concerned.
///
/// # Errors
/// When the batch is wrong as a whole, or could not be carried out; nothing of it is done then.
pub async fn run_batch<T>(
    runtime: &Arc<Runtime>,
    viewer: Option<Viewer>,
    decide: Decision<T>,
) -> Result<Done<T>>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    carry_out(runtime, Order { viewer, repeatable: None, is_batch: true }, decide).await
}

async fn carry_out<T>(runtime: &Arc<Runtime>, order: Order, decide: Decision<T>) -> Result<Done<T>>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let runtime = Arc::clone(runtime);
    let handle = runtime.tasks.clone();
    handle
        .spawn(
            async move {
                let deadline = Instant::now() + PATIENCE;
                loop {
                    let subject = match attempt(&runtime, &order, true, &decide).await {
                        Err(Error::NotKnownYet(subject)) => subject,
                        done => return done,
                    };
                    // Take the place first, then look once more: nothing can slip between the two.
                    let place = runtime.arrivals.wait_for(subject);
                    let may_wait = Instant::now() < deadline;
                    match attempt(&runtime, &order, may_wait, &decide).await {
                        Err(Error::NotKnownYet(_)) if may_wait => {
                            let until = deadline.min(Instant::now() + SECOND_LOOK);
                            // Woken or not, the next attempt tells.
                            let _ = tokio::time::timeout_at(until, place.notified()).await;
                        }
                        done => return done,
                    }
                }
            }
            .in_current_span(),
        )
        .await
        .unwrap_or_else(|error| Err(Error::Fault(format!("the command panicked: {error}"))))
}

async fn attempt<T>(
    runtime: &Arc<Runtime>,
    order: &Order,
    may_wait: bool,
    decide: &Decision<T>,
) -> Result<Done<T>>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let mut tries = 0;
    loop {
        tries += 1;
        match transact(runtime, order, may_wait, decide).await {
            Err(error) if tries < ATTEMPTS && lost_against_another(&error, order.is_batch) => {
                tokio::time::sleep(Duration::from_millis(u64::from(tries) * 5)).await;
            }
            done => return done,
        }
    }
}

async fn transact<T>(
    runtime: &Arc<Runtime>,
    order: &Order,
    may_wait: bool,
    decide: &Decision<T>,
) -> Result<Done<T>>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let Order { viewer, repeatable, .. } = order;
    let repeatable = repeatable.as_ref();
    let now = runtime.clock.now();
    let tx = runtime.db.begin().await?;
    let principal = viewer.as_ref().map_or("system", |viewer| viewer.subject.as_str()).to_owned();
    let cause = repeatable.map_or_else(
        || new_id(now),
        |one| {
            Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{principal}\n{}\n{}", one.route, one.key).as_bytes())
        },
    );
    let mut work = Work::new(tx, runtime.service, now, cause, viewer.clone());
    work.set_may_wait(may_wait);
    let mut tally = Tally::default();
    let outcome = async {
        if let Some(repeatable) = repeatable
            && let Some(done) = repeated(&work, &principal, repeatable).await?
        {
            return Ok((done, false));
        }
        let reply = decide(&mut work).await?;
        let done = Done { reply, revision: work.revision() };
        inbox::release_waiting(runtime, &mut work, &mut tally).await?;
        if let Some(repeatable) = repeatable {
            remember(&work, &principal, repeatable, &done).await?;
        }
        Ok((done, true))
    }
    .await;
    match outcome {
        Ok((done, true)) => {
            let announced = work.take_announced();
            let told = work.commit().await?;
            runtime.after_commit(told, tally.known(), announced);
            tally.count(runtime.service);
            Ok(done)
        }
        Ok((done, false)) => {
            work.roll_back().await;
            Ok(done)
        }
        Err(error) => {
            work.roll_back().await;
            Err(error)
        }
    }
}

/// The answer given before under this key, if there is one. Takes the key otherwise: a second request
/// with the same key waits here until the first one is through.
async fn repeated<T: DeserializeOwned>(
    work: &Work,
    principal: &str,
    repeatable: &Repeatable,
) -> Result<Option<Done<T>>> {
    let key = || [principal.into(), repeatable.route.into(), repeatable.key.as_str().into()];
    let [a, b, c] = key();
    let taken = work
        .execute(
            "INSERT INTO idempotency (principal, route, key, fingerprint, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (principal, route, key) DO NOTHING",
            vec![a, b, c, repeatable.fingerprint.as_str().into(), work.now().into()],
        )
        .await?
        .rows_affected()
        == 1;
    if taken {
        return Ok(None);
    }
    let row = work
        .query_one(
            "SELECT fingerprint, revision, reply FROM idempotency WHERE principal = $1 AND route = $2 AND key = $3",
            key().to_vec(),
        )
        .await?
        .ok_or_else(|| Error::Fault("an idempotency key vanished".into()))?;
    let fingerprint: String = row.try_get("", "fingerprint")?;
    if fingerprint != repeatable.fingerprint {
        return Err(Problem::new(
            Code::IdempotencyKeyReused,
            "this Idempotency-Key came with another request before; use a new key for a new request",
        )
        .into());
    }
    let reply: Option<String> = row.try_get("", "reply")?;
    let reply = reply.ok_or_else(|| Error::Fault("an idempotency key has no reply".into()))?;
    Ok(Some(Done {
        reply: serde_json::from_str(&reply).map_err(|error| Error::malformed("a kept reply", error))?,
        revision: row.try_get("", "revision")?,
    }))
}

async fn remember<T: Serialize + Sync>(
    work: &Work,
    principal: &str,
    repeatable: &Repeatable,
    done: &Done<T>,
) -> Result<()> {
    let reply = serde_json::to_string(&done.reply).map_err(|error| Error::malformed("a reply", error))?;
    work.execute(
        "UPDATE idempotency SET reply = $4, revision = $5 WHERE principal = $1 AND route = $2 AND key = $3",
        vec![
            principal.into(),
            repeatable.route.into(),
            repeatable.key.as_str().into(),
            reply.into(),
            done.revision.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Whether another one was in the way; in a batch a violated key says so too.
fn lost_against_another(error: &Error, is_batch: bool) -> bool {
    match error {
        Error::Problem(problem) => is_batch && problem.code == Code::AlreadyExists,
        error => error.lost_against_another(),
    }
}
