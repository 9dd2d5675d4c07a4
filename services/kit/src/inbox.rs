//! The inbox: each event has its effect exactly once, a bad one stops nobody else.
//!
//! Deliveries come in batches. A batch is applied in one transaction: inbox row, effect, outbox rows,
//! and on the local bus the position. When one of a batch fails, the batch is rolled back and each is
//! applied alone; the one that fails is kept in `failed_event` and tried again later, with jitter, until
//! it is a dead letter. Either way the bus may forget it: what was acknowledged is in this database.

mod failure;
mod retry;

use std::sync::Arc;

use chrono::TimeDelta;
use futures::future::BoxFuture;
use schema::{event::Envelope, topology::Service};
use tracing::{Instrument as _, Span};
use uuid::Uuid;

pub use self::failure::{DeadLetter, dead_letters, retry_dead_letter};
pub use self::retry::run as run_retries;
use crate::{
    error::{Error, Result},
    metrics,
    rows::among,
    service::Runtime,
    telemetry,
    work::Work,
};

/// How long an event is remembered; an older redelivery is refused, because it might be a repetition.
pub const REMEMBERED: TimeDelta = TimeDelta::days(14);

/// One delivery: an envelope, or bytes that are none.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// An event off the broker. One older than [`REMEMBERED`] is refused.
    Event(Box<Envelope>),
    /// An event from a record that knows what was applied: an outbox with a position over it, or a failed
    /// event that was kept. However old, it is no forgotten repetition.
    Recorded(Box<Envelope>),
    /// Not an envelope.
    Unreadable(Vec<u8>),
}

impl Delivery {
    /// Reads what came off the wire.
    pub fn parse(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes)
            .map_or_else(|_| Self::Unreadable(bytes.to_vec()), |envelope| Self::Event(Box::new(envelope)))
    }

    /// Reads what one of our own records holds.
    pub fn recorded(text: &str) -> Self {
        match Self::parse(text.as_bytes()) {
            Self::Event(envelope) => Self::Recorded(envelope),
            other => other,
        }
    }
}

/// Where on the local bus a batch ends.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// Whose outbox.
    pub publisher: Service,
    /// The last row of it that the batch covers.
    pub at: i64,
}

/// What a transaction did, to be counted once it is committed.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Subjects that became known.
    pub(crate) known: Vec<Uuid>,
    /// Types of events that had their effect.
    pub(crate) applied: Vec<String>,
    /// Types of events that were parked.
    pub(crate) parked: Vec<String>,
    /// Events that had been applied before.
    pub(crate) duplicates: u64,
}

/// Applies a batch. When this returns `Ok`, all of it is durable here and may be acknowledged.
///
/// # Errors
/// Only when the database cannot be used: nothing may be acknowledged, deliver again later.
pub async fn deliver(runtime: &Arc<Runtime>, batch: &[Delivery], position: Option<Position>) -> Result<()> {
    match apply(runtime, batch, position).await {
        Ok(()) => return Ok(()),
        Err(error) if error.is_outage() => return Err(error),
        Err(error) if batch.len() > 1 => {
            tracing::debug!(%error, size = batch.len(), "a batch failed; applying each alone");
        }
        Err(error) => return keep(runtime, batch.first(), error, position).await,
    }
    for delivery in batch {
        let one = std::slice::from_ref(delivery);
        match apply(runtime, one, None).await {
            Ok(()) => {}
            Err(error) if error.is_outage() => return Err(error),
            Err(error) => keep(runtime, Some(delivery), error, None).await?,
        }
    }
    if let Some(position) = position {
        apply(runtime, &[], Some(position)).await?;
    }
    Ok(())
}

/// One transaction over the batch, in a task of its own, so that nobody can cancel it half-way.
async fn apply(runtime: &Arc<Runtime>, batch: &[Delivery], position: Option<Position>) -> Result<()> {
    let (runtime, batch) = (Arc::clone(runtime), batch.to_vec());
    let handle = runtime.tasks.clone();
    handle
        .spawn(async move {
            let tx = runtime.db.begin().await?;
            let now = runtime.clock.now();
            let mut work = Work::new(tx, runtime.service, now, Uuid::nil(), None);
            let mut tally = Tally::default();
            match apply_in(&runtime, &mut work, &batch, position, &mut tally).await {
                Ok(()) => {
                    let announced = work.take_announced();
                    let told = work.commit().await?;
                    runtime.after_commit(told, &tally.known, announced);
                    metrics::delivered(runtime.service, &tally);
                    Ok(())
                }
                Err(error) => {
                    work.roll_back().await;
                    Err(error)
                }
            }
        })
        .await
        .unwrap_or_else(|error| Err(Error::Fault(format!("a reaction panicked: {error}"))))
}

async fn apply_in(
    runtime: &Runtime,
    work: &mut Work,
    batch: &[Delivery],
    position: Option<Position>,
    tally: &mut Tally,
) -> Result<()> {
    for delivery in batch {
        match delivery {
            Delivery::Event(envelope) if work.now() - envelope.recordedat > REMEMBERED => {
                let why = "it is older than the inbox remembers: it may be a repetition";
                return Err(Error::malformed("the event", why));
            }
            Delivery::Event(envelope) | Delivery::Recorded(envelope) => {
                let span = telemetry::consumer_span(runtime.service, envelope);
                receive(runtime, work, envelope, tally).instrument(span).await?;
            }
            Delivery::Unreadable(_) => return Err(Error::malformed("the message", "it is not an envelope")),
        }
    }
    if let Some(position) = position {
        work.execute(
            "INSERT INTO bus_position (publisher, position) VALUES ($1, $2) \
             ON CONFLICT (publisher) DO UPDATE SET position = excluded.position \
             WHERE bus_position.position < excluded.position",
            vec![position.publisher.name().into(), position.at.into()],
        )
        .await?;
    }
    Ok(())
}

/// Applies one event unless it was applied before, then whatever was waiting for what it brings.
async fn receive(runtime: &Runtime, work: &mut Work, envelope: &Envelope, tally: &mut Tally) -> Result<()> {
    if !runtime.reactions.knows(&envelope.kind) {
        return Ok(());
    }
    let fresh = work
        .execute(
            "INSERT INTO inbox (event_id, event_type, received_at) VALUES ($1, $2, $3) \
             ON CONFLICT (event_id) DO NOTHING",
            vec![envelope.id.uuid().into(), envelope.kind.clone().into(), work.now().into()],
        )
        .await?
        .rows_affected()
        == 1;
    if !fresh {
        tally.duplicates += 1;
        return Ok(());
    }
    react_or_park(runtime, work, envelope, tally).await?;
    release_waiting(runtime, work, tally).await
}

/// Reacts; when the subject is not known, parks the event.
async fn react_or_park(
    runtime: &Runtime,
    work: &mut Work,
    envelope: &Envelope,
    tally: &mut Tally,
) -> Result<()> {
    let Some(subject) = react(runtime, work, envelope, tally).await? else { return Ok(()) };
    // Between the look and the parking the subject may arrive elsewhere: lock it, look again, then park.
    work.lock(subject).await?;
    let Some(subject) = react(runtime, work, envelope, tally).await? else { return Ok(()) };
    let text = serde_json::to_string(envelope).map_err(|error| Error::malformed("envelope", error))?;
    work.execute(
        "INSERT INTO waiting_for (subject_id, event_id, envelope, parked_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (subject_id, event_id) DO NOTHING",
        vec![subject.into(), envelope.id.uuid().into(), text.into(), work.now().into()],
    )
    .await?;
    tally.parked.push(envelope.kind.clone());
    Ok(())
}

/// Reacts once; gives the subject that is not known yet, if that is why nothing was done.
async fn react(
    runtime: &Runtime,
    work: &mut Work,
    envelope: &Envelope,
    tally: &mut Tally,
) -> Result<Option<Uuid>> {
    match runtime.reactions.react(work, envelope).await {
        Ok(()) => {
            tally.applied.push(envelope.kind.clone());
            Ok(None)
        }
        Err(Error::NotKnownYet(subject)) => Ok(Some(subject)),
        Err(error) => Err(error),
    }
}

/// Applies what was parked for the subjects that just became known, and for those that these bring.
pub(crate) fn release_waiting<'a>(
    runtime: &'a Runtime,
    work: &'a mut Work,
    tally: &'a mut Tally,
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        loop {
            let mut arrived = work.take_arrived();
            arrived.sort_unstable();
            arrived.dedup();
            if arrived.is_empty() {
                return Ok(());
            }
            tally.known.extend(&arrived);
            work.lock_each(&arrived).await?;
            let mut values = Vec::new();
            let condition = among(work.backend(), "subject_id", arrived, &mut values);
            let sql = format!("DELETE FROM waiting_for WHERE {condition} RETURNING envelope");
            for row in work.query_all(&sql, values).await? {
                let text: String = row.try_get_by_index(0)?;
                let envelope: Envelope =
                    serde_json::from_str(&text).map_err(|error| Error::malformed("a parked event", error))?;
                let span = telemetry::consumer_span(runtime.service, &envelope);
                apply_parked(runtime, work, &envelope, tally).instrument(span).await?;
            }
        }
    })
}

/// A parked event that fails must not keep back the subject that it waited for: it is handed to the
/// retries, behind a savepoint, and the arrival goes on.
async fn apply_parked(
    runtime: &Runtime,
    work: &mut Work,
    envelope: &Envelope,
    tally: &mut Tally,
) -> Result<()> {
    work.savepoint().await?;
    match react_or_park(runtime, work, envelope, tally).await {
        Ok(()) => work.release_savepoint().await,
        Err(error) if error.is_outage() => Err(error),
        Err(error) => {
            work.roll_back_to_savepoint().await?;
            work.execute("DELETE FROM inbox WHERE event_id = $1", vec![envelope.id.uuid().into()]).await?;
            failure::record(work, runtime, Some(envelope), &[], &error).await
        }
    }
}

/// Keeps an event that failed, together with the position that moves past it.
async fn keep(
    runtime: &Arc<Runtime>,
    delivery: Option<&Delivery>,
    error: Error,
    position: Option<Position>,
) -> Result<()> {
    let (envelope, raw) = match delivery {
        Some(Delivery::Event(envelope) | Delivery::Recorded(envelope)) => (Some(envelope.as_ref()), &[][..]),
        Some(Delivery::Unreadable(bytes)) => (None, bytes.as_slice()),
        None => return Err(error),
    };
    let tx = runtime.db.begin().await?;
    let mut work = Work::new(tx, runtime.service, runtime.clock.now(), Uuid::nil(), None);
    let span = envelope.map_or_else(Span::current, |one| telemetry::consumer_span(runtime.service, one));
    failure::record(&work, runtime, envelope, raw, &error).instrument(span).await?;
    apply_in(runtime, &mut work, &[], position, &mut Tally::default()).await?;
    work.commit().await?;
    Ok(())
}
