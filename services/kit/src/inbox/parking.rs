//! Reacting and parking: events whose subject is not known here yet wait in `waiting_for`, and are applied in the
//! transaction that brings it. Whoever parks and whoever brings take the same lock, so that they do not miss each
//! other. A parked event that fails when its time comes does not keep back its subject.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use futures::future::BoxFuture;
use schema::event::Envelope;
use tracing::Instrument as _;
use uuid::Uuid;

use super::{Tally, failure};
use crate::{
    error::{Error, Result},
    reaction::Reactions,
    rows::{Rows, among},
    service::Runtime,
    telemetry,
    work::Work,
};

/// Reacts to events of one type; those whose subject is not known are parked.
pub(super) async fn react_or_park(
    runtime: &Runtime,
    work: &mut Work,
    events: &[Arc<Envelope>],
    tally: &mut Tally,
) -> Result<()> {
    let Some(kind) = events.first().map(|event| event.kind.as_str()) else { return Ok(()) };
    let waiting = react(runtime, work, events).await?;
    tally.applied(kind, events.len() - waiting.len());
    if waiting.is_empty() {
        return Ok(());
    }
    // Between the look and the parking the subjects may arrive elsewhere: lock them, look again, then park.
    let subjects: BTreeSet<Uuid> = waiting.iter().map(|(_, subject)| *subject).collect();
    work.lock_each(&subjects.into_iter().collect::<Vec<_>>()).await?;
    let again: Vec<Arc<Envelope>> = waiting.into_iter().map(|(event, _)| event).collect();
    let waiting = react(runtime, work, &again).await?;
    tally.applied(kind, again.len() - waiting.len());
    tally.parked(kind, waiting.len());
    let mut rows = Rows::into("waiting_for", ["subject_id", "event_id", "envelope", "parked_at"]);
    for (event, subject) in waiting {
        let text = serde_json::to_string(&*event).map_err(|error| Error::malformed("envelope", error))?;
        rows.push([subject.into(), event.id.uuid().into(), text.into(), work.now().into()]);
    }
    work.insert(rows, "ON CONFLICT (subject_id, event_id) DO NOTHING").await
}

/// Reacts once; gives the events for which nothing was done because their subject is not known yet, in their order.
async fn react(
    runtime: &Runtime,
    work: &mut Work,
    events: &[Arc<Envelope>],
) -> Result<Vec<(Arc<Envelope>, Uuid)>> {
    let unknown: HashMap<Uuid, Uuid> = runtime
        .reactions
        .react(work, events)
        .await?
        .into_iter()
        .map(|(event, subject)| (event.uuid(), subject))
        .collect();
    let waits = |event: &Arc<Envelope>| Some((Arc::clone(event), *unknown.get(&event.id.uuid())?));
    Ok(events.iter().filter_map(waits).collect())
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
            tally.arrived(&arrived);
            work.lock_each(&arrived).await?;
            let mut values = Vec::new();
            let condition = among(work.backend(), "subject_id", arrived, &mut values);
            let sql = format!("DELETE FROM waiting_for WHERE {condition} RETURNING envelope");
            let mut parked = Vec::new();
            for row in work.query_all(&sql, values).await? {
                let text: String = row.try_get_by_index(0)?;
                let envelope: Envelope =
                    serde_json::from_str(&text).map_err(|error| Error::malformed("a parked event", error))?;
                parked.push(Arc::new(envelope));
            }
            for events in Reactions::by_type(parked) {
                apply_parked(runtime, work, &events, tally).await?;
            }
        }
    })
}

/// Applies parked events of one type behind a savepoint; when one fails, each behind its own, and those that fail
/// are handed to the retries.
async fn apply_parked(
    runtime: &Runtime,
    work: &mut Work,
    events: &[Arc<Envelope>],
    tally: &mut Tally,
) -> Result<()> {
    if behind_savepoint(runtime, work, events, tally).await?.is_none() {
        return Ok(());
    }
    for event in events {
        let one = std::slice::from_ref(event);
        let Some(error) = behind_savepoint(runtime, work, one, tally).await? else { continue };
        work.execute("DELETE FROM inbox WHERE event_id = $1", vec![event.id.uuid().into()]).await?;
        let span = telemetry::consumer_span(runtime.service, event);
        failure::record(work, runtime, Some(event), &[], &error).instrument(span).await?;
    }
    Ok(())
}

/// Why nothing was done; none when all was.
async fn behind_savepoint(
    runtime: &Runtime,
    work: &mut Work,
    events: &[Arc<Envelope>],
    tally: &mut Tally,
) -> Result<Option<Error>> {
    let mut part = Tally::default();
    work.savepoint().await?;
    match react_or_park(runtime, work, events, &mut part).await {
        Ok(()) => {
            work.release_savepoint().await?;
            tally.merge(part);
            Ok(None)
        }
        Err(error) if error.is_outage() || error.lost_against_another() => Err(error),
        Err(error) => {
            work.roll_back_to_savepoint().await?;
            Ok(Some(error))
        }
    }
}
