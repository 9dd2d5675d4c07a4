//! Takes messages in. Requests that come at the same time are written in one transaction: one of them waits
//! for the disk, and all others with it. Whoever is told that a message was taken finds it again after any
//! crash.
//!
//! What waits is bounded: past it, and past a number of messages that are not forwarded yet, senders are
//! asked to come again, which libraries do.

use std::sync::{Arc, atomic::Ordering};

use futures::future::BoxFuture;
use kit::{Error, Result, Work, command};
use schema::api::problem::{Code, Problem};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use super::super::Gateway;
use crate::storage::ingestion::message::{self, Taken};

/// Messages of one transaction.
const GROUP: usize = 2_000;
/// Messages that may be taken and not forwarded yet.
const PENDING_MOST: i64 = 1_000_000;

/// The messages of one request.
pub(crate) struct Parcel {
    messages: Arc<Vec<Taken>>,
    done: oneshot::Sender<Result<(), Problem>>,
    /// Gives its room back when it is written.
    _room: OwnedSemaphorePermit,
}

/// Takes the messages of one request; when this is `Ok` they are durable.
pub(crate) async fn accept(gateway: &Gateway, messages: Vec<Taken>) -> Result<(), Problem> {
    let ingestion = &gateway.ingestion;
    if ingestion.pending.load(Ordering::Relaxed) >= PENDING_MOST {
        let detail = "more messages wait to be forwarded than are kept; send this again later";
        return Err(Problem::new(Code::TooManyRequests, detail).retry_after(30));
    }
    let bytes: usize = messages.iter().map(|one| one.said.as_ref().map_or(0, String::len)).sum();
    let weight = u32::try_from(bytes / 1024 + 1).unwrap_or(u32::MAX);
    let busy = || Problem::new(Code::Unavailable, "too much comes at once; send this again").retry_after(1);
    let room = Arc::clone(&ingestion.room).try_acquire_many_owned(weight).map_err(|_| busy())?;
    let (done, written) = oneshot::channel();
    ingestion.parcels.send(Parcel { messages: Arc::new(messages), done, _room: room }).map_err(|_| busy())?;
    written.await.unwrap_or_else(|_| Err(busy()))
}

/// Writes what comes until the service ends; what was handed over by then is written.
pub(crate) async fn write_all(gateway: Arc<Gateway>, mut parcels: mpsc::UnboundedReceiver<Parcel>) {
    loop {
        let first = tokio::select! {
            biased;
            first = parcels.recv() => first,
            () = gateway.runtime.stop.cancelled() => None,
        };
        let Some(first) = first else { return };
        let mut count = first.messages.len();
        let mut group = vec![first];
        while count < GROUP
            && let Ok(next) = parcels.try_recv()
        {
            count += next.messages.len();
            group.push(next);
        }
        write(&gateway, group).await;
    }
}

async fn write(gateway: &Arc<Gateway>, group: Vec<Parcel>) {
    let all: Vec<Arc<Vec<Taken>>> = group.iter().map(|parcel| Arc::clone(&parcel.messages)).collect();
    match take(gateway, all).await {
        Ok(()) => group.into_iter().for_each(|parcel| answer(parcel, Ok(()))),
        Err(error) if error.is_outage() || group.len() == 1 => {
            let problem = error.into_problem();
            group.into_iter().for_each(|parcel| answer(parcel, Err(problem.clone())));
        }
        // Whatever is wrong with one must not be held against the others.
        Err(_) => {
            for parcel in group {
                let alone = take(gateway, vec![Arc::clone(&parcel.messages)]).await;
                answer(parcel, alone.map_err(Error::into_problem));
            }
        }
    }
    gateway.ingestion.bell.notify_one();
}

/// Whoever sent it may have gone away; it is kept all the same.
fn answer(parcel: Parcel, outcome: Result<(), Problem>) {
    let _ = parcel.done.send(outcome);
}

async fn take(gateway: &Arc<Gateway>, parcels: Vec<Arc<Vec<Taken>>>) -> Result<()> {
    let messages: Arc<Vec<Taken>> = Arc::new(parcels.iter().flat_map(|one| one.iter().cloned()).collect());
    let count = messages.len() as u64;
    let decide: command::Decision<()> = Arc::new(move |work: &mut Work| {
        let messages = Arc::clone(&messages);
        let taken: BoxFuture<'_, Result<()>> = Box::pin(async move { message::take(work, &messages).await });
        taken
    });
    command::run(&gateway.runtime, None, None, decide).await?;
    kit::metrics::ingested("received".to_owned(), count);
    Ok(())
}
