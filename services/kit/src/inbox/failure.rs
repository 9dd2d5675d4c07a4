//! Failed events: kept in the consumer's database with their reason, tried again, and in the end dead.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng as _;
use schema::event::Envelope;
use sea_orm::{ConnectionTrait as _, QueryResult};
use uuid::Uuid;

use crate::{
    db::{Db, statement},
    error::{Chain, Error, Result},
    metrics,
    service::Runtime,
    telemetry,
    work::Work,
};

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// An event that will not be tried again by itself.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    /// The event.
    pub event_id: Uuid,
    /// Its type; `unreadable` when it was no envelope.
    pub event_type: String,
    /// Why the last attempt failed.
    pub reason: String,
    /// How many attempts were made.
    pub attempts: i32,
    /// The first failure.
    pub first_failed_at: DateTime<Utc>,
    /// The last failure.
    pub last_failed_at: DateTime<Utc>,
    /// The trace of the last attempt.
    pub trace_id: Option<String>,
}

/// Records a failed attempt: the next one is due after a pause, unless trying again cannot help.
pub(super) async fn record(
    work: &Work,
    runtime: &Runtime,
    envelope: Option<&Envelope>,
    raw: &[u8],
    error: &Error,
) -> Result<()> {
    let (event_id, kind, text) = match envelope {
        Some(envelope) => (
            envelope.id.uuid(),
            envelope.kind.clone(),
            serde_json::to_string(envelope).map_err(|error| Error::malformed("envelope", error))?,
        ),
        None => {
            // The id is that of the text that is kept, so that a retry from it finds the same row.
            let text = storable(&String::from_utf8_lossy(raw));
            (Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()), "unreadable".to_owned(), text)
        }
    };
    let before = work
        .query_one("SELECT attempts FROM failed_event WHERE event_id = $1", vec![event_id.into()])
        .await?
        .map_or(Ok(0), |row| row.try_get_by_index::<i32>(0))?;
    let attempts = before + 1;
    let hopeless = matches!(error, Error::Malformed { .. });
    let retry_at = (!hopeless && attempts < runtime.config.bus.max_attempts)
        .then(|| work.now() + pause(runtime.config.bus.retry_base_ms, attempts));
    // A reason may quote what was sent.
    let reason = storable(&Chain(error).to_string());
    work.execute(
        "INSERT INTO failed_event (event_id, event_type, envelope, reason, attempts, first_failed_at, \
         last_failed_at, retry_at, trace_id) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8) \
         ON CONFLICT (event_id) DO UPDATE SET reason = excluded.reason, attempts = excluded.attempts, \
         last_failed_at = excluded.last_failed_at, retry_at = excluded.retry_at, trace_id = excluded.trace_id",
        vec![
            event_id.into(),
            kind.clone().into(),
            text.into(),
            reason.clone().into(),
            attempts.into(),
            work.now().into(),
            retry_at.into(),
            telemetry::trace_id().into(),
        ],
    )
    .await?;
    if retry_at.is_none() {
        tracing::error!(event.id = %event_id, event.kind = kind, attempts, reason, "dead letter");
        metrics::dead(runtime.service, &kind);
    } else {
        tracing::warn!(event.id = %event_id, event.kind = kind, attempts, reason, "reaction failed");
        metrics::failed(runtime.service, &kind);
    }
    Ok(())
}

/// PostgreSQL keeps no NUL in a text.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Doubles with each attempt, with up to half of it taken off at random.
fn pause(base_ms: u64, attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts - 1).unwrap_or_default().min(16);
    let longest = u64::try_from(LONGEST_PAUSE.as_millis()).unwrap_or(u64::MAX);
    let whole = base_ms.saturating_mul(1 << doublings).clamp(1, longest);
    let jittered = rand::rng().random_range(whole / 2..=whole);
    TimeDelta::milliseconds(i64::try_from(jittered).unwrap_or(i64::MAX))
}

/// The dead letters of a service, oldest first, at most `limit`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn dead_letters(db: &Db, limit: u32) -> Result<Vec<DeadLetter>> {
    let rows = db
        .read()
        .query_all_raw(statement(
            db.read(),
            "SELECT event_id, event_type, reason, attempts, first_failed_at, last_failed_at, trace_id \
             FROM failed_event WHERE retry_at IS NULL ORDER BY first_failed_at, event_id LIMIT $1",
            vec![i64::from(limit).into()],
        ))
        .await?;
    Ok(rows.iter().map(dead_letter).collect::<Result<_, _>>()?)
}

fn dead_letter(row: &QueryResult) -> Result<DeadLetter, sea_orm::DbErr> {
    Ok(DeadLetter {
        event_id: row.try_get("", "event_id")?,
        event_type: row.try_get("", "event_type")?,
        reason: row.try_get("", "reason")?,
        attempts: row.try_get("", "attempts")?,
        first_failed_at: row.try_get("", "first_failed_at")?,
        last_failed_at: row.try_get("", "last_failed_at")?,
        trace_id: row.try_get("", "trace_id")?,
    })
}

/// Gives a dead letter new attempts, due at once. `false` when there is no such dead letter.
///
/// # Errors
/// When the database refuses it.
pub async fn retry_dead_letter(db: &Db, event_id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let changed = db
        .execute(
            "UPDATE failed_event SET attempts = 0, retry_at = $2 WHERE event_id = $1 AND retry_at IS NULL",
            vec![event_id.into(), now.into()],
        )
        .await?;
    Ok(changed == 1)
}
