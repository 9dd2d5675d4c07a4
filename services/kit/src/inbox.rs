//! The inbox: each event has its effect exactly once, a bad one stops nobody else.
//!
//! Deliveries come in batches. A batch is applied in one transaction, type by type: inbox rows, effects, outbox
//! rows, and on the local bus the position. When one of a batch fails, the batch is rolled back and its halves
//! are applied, and theirs, until the bad one is alone; it is kept in `failed_event` and tried again later, with
//! jitter, until it is a dead letter. Either way the bus may forget it: what was acknowledged is in this database.

mod failure;
mod parking;
mod retry;
mod tally;

use std::{collections::HashSet, sync::Arc, time::Duration};

use chrono::TimeDelta;
use schema::{event::Envelope, topology::Service};
use tracing::{Instrument as _, Span};
use uuid::Uuid;

pub use self::failure::{DeadLetter, dead_letters, retry_dead_letter};
pub(crate) use self::parking::release_waiting;
pub use self::retry::run as run_retries;
pub(crate) use self::tally::Tally;
use crate::{
    error::{Error, Result},
    reaction::Reactions,
    rows::Rows,
    service::Runtime,
    telemetry,
    work::Work,
};

/// Attempts at a transaction that the database refuses because of another one.
const ATTEMPTS: u32 = 4;
/// How long an event is remembered; an older redelivery is refused, because it might be a repetition.
pub const REMEMBERED: TimeDelta = TimeDelta::days(14);

/// One delivery: an envelope, or bytes that are none.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// An event off the broker. One older than [`REMEMBERED`] is refused.
    Event(Arc<Envelope>),
    /// An event from a record that knows what was applied: an outbox with a position over it, or a failed
    /// event that was kept. However old, it is no forgotten repetition.
    Recorded(Arc<Envelope>),
    /// Not an envelope.
    Unreadable(Vec<u8>),
}

impl Delivery {
    /// Reads what came off the wire.
    pub fn parse(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes)
            .map_or_else(|_| Self::Unreadable(bytes.to_vec()), |envelope| Self::Event(Arc::new(envelope)))
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

/// Applies a batch. When this returns `Ok`, all of it is durable here and may be acknowledged.
///
/// # Errors
/// Only when the database cannot be used: nothing may be acknowledged, deliver again later.
pub async fn deliver(runtime: &Arc<Runtime>, batch: &[Delivery], position: Option<Position>) -> Result<()> {
    match attempt(runtime, batch, position).await {
        Err(error) if error.is_outage() => return Err(error),
        Err(error) if batch.len() > 1 => {
            tracing::debug!(%error, size = batch.len(), "a batch failed; applying its parts");
        }
        Err(error) => return keep(runtime, batch.first(), error, position).await,
        Ok(()) => return Ok(()),
    }
    let (one, other) = halves(batch);
    let mut parts = vec![other, one];
    while let Some(part) = parts.pop() {
        match attempt(runtime, part, None).await {
            Ok(()) => {}
            Err(error) if error.is_outage() => return Err(error),
            Err(_) if part.len() > 1 => {
                let (one, other) = halves(part);
                parts.extend([other, one]);
            }
            Err(error) => keep(runtime, part.first(), error, None).await?,
        }
    }
    if let Some(position) = position {
        attempt(runtime, &[], Some(position)).await?;
    }
    Ok(())
}

fn halves(batch: &[Delivery]) -> (&[Delivery], &[Delivery]) {
    batch.split_at(batch.len() / 2)
}

/// Applies a batch in one transaction, anew when another one was in the way.
async fn attempt(runtime: &Arc<Runtime>, batch: &[Delivery], position: Option<Position>) -> Result<()> {
    let mut tries = 0;
    loop {
        tries += 1;
        match apply(runtime, batch, position).await {
            Err(error) if tries < ATTEMPTS && error.lost_against_another() => {
                tokio::time::sleep(Duration::from_millis(u64::from(tries) * 5)).await;
            }
            done => return done,
        }
    }
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
                    runtime.after_commit(told, tally.known(), announced);
                    tally.count(runtime.service);
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
    let mut envelopes = Vec::with_capacity(batch.len());
    for delivery in batch {
        match delivery {
            Delivery::Event(envelope) if work.now() - envelope.recordedat > REMEMBERED => {
                let why = "it is older than the inbox remembers: it may be a repetition";
                return Err(Error::malformed("the event", why));
            }
            Delivery::Event(envelope) | Delivery::Recorded(envelope) => {
                if runtime.reactions.knows(&envelope.kind) {
                    envelopes.push(Arc::clone(envelope));
                }
            }
            Delivery::Unreadable(_) => return Err(Error::malformed("the message", "it is not an envelope")),
        }
    }
    let mut fresh = take_in(work, &envelopes).await?;
    let told = envelopes.len();
    // Within a batch, too, the first of several deliveries counts.
    envelopes.retain(|envelope| fresh.remove(&envelope.id.uuid()));
    tally.repeated(told - envelopes.len());
    for events in Reactions::by_type(envelopes) {
        parking::react_or_park(runtime, work, &events, tally).await?;
    }
    release_waiting(runtime, work, tally).await?;
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

/// Remembers these events, all in one statement; gives those that were not known before.
async fn take_in(work: &Work, envelopes: &[Arc<Envelope>]) -> Result<HashSet<Uuid>> {
    let mut rows = Rows::into("inbox", ["event_id", "event_type", "received_at"]);
    for envelope in envelopes {
        rows.push([envelope.id.uuid().into(), envelope.kind.as_str().into(), work.now().into()]);
    }
    let fresh = work.insert_returning(rows, "ON CONFLICT (event_id) DO NOTHING RETURNING event_id").await?;
    fresh.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Keeps an event that failed, together with the position that moves past it.
async fn keep(
    runtime: &Arc<Runtime>,
    delivery: Option<&Delivery>,
    error: Error,
    position: Option<Position>,
) -> Result<()> {
    let (envelope, raw) = match delivery {
        Some(Delivery::Event(envelope) | Delivery::Recorded(envelope)) => (Some(&**envelope), &[][..]),
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
