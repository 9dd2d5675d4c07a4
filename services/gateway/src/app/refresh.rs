//! Fetches claimed sections from their owner and keeps what is newer.
//!
//! A customer that the owner does not know yet stays in the queue, with a growing pause. An owner that
//! does not answer keeps its whole section waiting, and no single customer is held against it. When an
//! answer cannot be read, the batch is split until the one that spoils it is alone.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::BoxFuture;
use kit::{Error, Result, Work, client::CallError, command};
use schema::{
    api::{customer::CustomerFile, section::Section},
    event::customer::CustomerState,
    ids::CustomerId,
};

use super::{Gateway, keep_reference};
use crate::{
    domain::{announcement::Announcement, backoff, row::Row},
    storage::{
        self,
        section::Fetched,
        stale::{self, Claimed},
    },
};

/// How long a read waits for a fetch that somebody else has in flight.
const PATIENCE: Duration = Duration::from_millis(500);

/// How a round of fetching went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Round {
    /// Done; what remains is due after this.
    Done(Option<Duration>),
    /// The owner does not answer.
    OwnerAway,
}

type Answer = Vec<(Fetched, Option<CustomerFile>)>;

/// Fetches what is claimed. Claims are given back, whatever happens.
pub(crate) async fn refresh(
    gateway: &Arc<Gateway>,
    section: Section,
    claimed: Vec<Claimed>,
) -> Result<Round> {
    let mut batches = vec![claimed];
    let mut again: Option<Duration> = None;
    while let Some(mut batch) = batches.pop() {
        let ids = batch.iter().map(|one| one.customer_id).collect();
        let fetched = match gateway.owners.fetch(&gateway.runtime, section, ids).await {
            Ok(fetched) => fetched,
            Err(error) if is_away(&error) => {
                tracing::debug!(error = %kit::error::Chain(&error), section = section.name(), "owner away");
                batches.push(batch);
                stale::release(&gateway.runtime.db, section, &batches.concat()).await?;
                return Ok(Round::OwnerAway);
            }
            Err(_) if batch.len() > 1 => {
                let half = batch.split_off(batch.len() / 2);
                batches.extend([batch, half]);
                continue;
            }
            Err(error) => {
                let customer = batch.first().map(|one| one.customer_id.to_string());
                tracing::warn!(error = %kit::error::Chain(&error), section = section.name(), customer.id = customer,
                    "a section cannot be read");
                Vec::new()
            }
        };
        match keep(gateway, section, &batch, fetched).await {
            Ok(remains) => again = remains.into_iter().chain(again).min(),
            Err(error) => {
                batches.push(batch);
                stale::release(&gateway.runtime.db, section, &batches.concat()).await?;
                return Err(error);
            }
        }
    }
    Ok(Round::Done(again))
}

/// Fetches these customers' sections now, and waits until they are kept. Where somebody else has a fetch
/// in flight, waits for that one.
pub(crate) async fn fetch_now(gateway: &Arc<Gateway>, section: Section, ids: &[CustomerId]) -> Result<()> {
    let mut claimed = Vec::new();
    let mut elsewhere = Vec::new();
    for id in ids {
        let place = gateway.fresher.wait_for((*id).into());
        match stale::claim_now(&gateway.runtime.db, *id, section).await? {
            Some(one) => claimed.push(one),
            None => elsewhere.push(place),
        }
    }
    let started = Instant::now();
    if !claimed.is_empty() {
        // In a task of its own: whoever waits for it may go away, the claims must be given back.
        let shared = Arc::clone(gateway);
        let task = gateway
            .runtime
            .background
            .spawn_on(async move { refresh(&shared, section, claimed).await }, &gateway.runtime.tasks);
        task.await.unwrap_or_else(|error| Err(Error::Fault(format!("a refresh panicked: {error}"))))?;
    }
    for place in elsewhere {
        let left = PATIENCE.saturating_sub(started.elapsed());
        // Woken or not: the row tells.
        let _ = tokio::time::timeout(left, place.notified()).await;
    }
    Ok(())
}

/// Puts sections back into the queue that another version wrote in a form that this one does not read.
pub(crate) fn again(gateway: &Arc<Gateway>, row: &Row) {
    let (shared, id, sections) = (Arc::clone(gateway), row.customer_id, row.unreadable.clone());
    gateway.runtime.background.spawn_on(
        async move {
            for section in sections {
                if let Err(error) = fetch_now(&shared, section, &[id]).await {
                    tracing::warn!(error = %kit::error::Chain(&error), "a section cannot be fetched again");
                }
            }
        },
        &gateway.runtime.tasks,
    );
}

/// Whether the owner, or we, cannot do better now: nothing is wrong with the customers asked for.
fn is_away(error: &Error) -> bool {
    match error {
        Error::Call(CallError::Unreachable { .. }) => true,
        Error::Call(CallError::Problem(problem)) | Error::Problem(problem) => {
            matches!(problem.status, 401 | 403 | 408 | 429 | 502..=504)
        }
        Error::Call(CallError::Malformed { .. })
        | Error::NotKnownYet(_)
        | Error::Database(_)
        | Error::Malformed { .. }
        | Error::Fault(_) => false,
    }
}

/// Keeps an answer in one transaction. Gives when the first of what remains is due.
async fn keep(
    gateway: &Arc<Gateway>,
    section: Section,
    claimed: &[Claimed],
    answer: Answer,
) -> Result<Option<Duration>> {
    let mut claimed = claimed.to_vec();
    claimed.sort_unstable(); // One order for all writers: fewer deadlocks.
    let answer: BTreeMap<CustomerId, (Fetched, Option<CustomerFile>)> =
        answer.into_iter().map(|one| (one.0.customer_id, one)).collect();
    let (claimed, answer) = (Arc::new(claimed), Arc::new(answer));
    let decide: command::Decision<Option<u64>> = Arc::new(move |work: &mut Work| {
        let (claimed, answer) = (Arc::clone(&claimed), Arc::clone(&answer));
        let kept: BoxFuture<'_, Result<Option<u64>>> = Box::pin(async move {
            keep_answer(work, section, &answer).await?;
            let fetched = answer.values().map(|(fetched, _)| (fetched.customer_id, fetched.revision));
            let off = stale::settle(work, section, fetched).await?;
            let late: Vec<(CustomerId, Duration)> = claimed
                .iter()
                .filter(|one| !off.contains(&one.customer_id))
                .map(|one| (one.customer_id, backoff::pause(one.attempts)))
                .collect();
            stale::put_off(work, section, late.iter().copied()).await?;
            let first = late.iter().map(|(_, pause)| *pause).min();
            Ok(first.map(|pause| u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)))
        });
        kept
    });
    let done = command::run(&gateway.runtime, None, None, decide).await?;
    Ok(done.reply.map(Duration::from_millis))
}

async fn keep_answer(
    work: &mut Work,
    section: Section,
    answer: &BTreeMap<CustomerId, (Fetched, Option<CustomerFile>)>,
) -> Result<()> {
    let kept = storage::section::keep(work, section, answer.values().map(|(fetched, _)| fetched)).await?;
    let files = || kept.iter().filter_map(|customer| answer.get(customer)?.1.as_ref());
    storage::contact::replace(work, files().map(|file| (file.id, file.contact_points.as_slice()))).await?;
    let states: Vec<(CustomerState, i64)> = files().map(|file| (state(file), file.revision)).collect();
    if !states.is_empty() {
        let states: Vec<_> = states.iter().map(|(state, revision)| (state, *revision)).collect();
        keep_reference::keep_references(work, &states).await?;
    }
    answer.keys().for_each(|customer| work.announce(Announcement::Changed(*customer)));
    Ok(())
}

/// The reference that a file holds.
fn state(file: &CustomerFile) -> CustomerState {
    CustomerState {
        customer_id: file.id,
        kind: file.kind,
        status: file.status,
        home_unit_id: file.home_unit_id,
        serving_unit_ids: file.serving_unit_ids.clone(),
    }
}
