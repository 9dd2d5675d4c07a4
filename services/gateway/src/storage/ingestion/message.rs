//! Tracked messages: taken once each, in order, and settled.

use std::{collections::HashSet, time::Duration};

use chrono::{DateTime, Utc};
use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement, word},
    lease::now_ms,
    rows::{Rows, among},
};
use schema::{
    api::ingestion::{MessageState, TrackingCall},
    ids::{IngestionMessageId, IngestionSourceId},
};
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Value};
use uuid::Uuid;

use crate::domain::ingestion::message::Message;

/// Ids of one statement, far below what either database takes in parameters.
const ROWS: usize = 1_000;

/// A message to take.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    /// Its id.
    pub(crate) id: IngestionMessageId,
    /// Who sent it.
    pub(crate) source: IngestionSourceId,
    /// Which call.
    pub(crate) call: TrackingCall,
    /// When it came.
    pub(crate) received_at: DateTime<Utc>,
    /// What it says, in JSON; or why it is refused.
    pub(crate) said: Result<String, String>,
}

/// A message to forward.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// Its id.
    pub(crate) id: IngestionMessageId,
    /// Who sent it.
    pub(crate) source: IngestionSourceId,
    /// What it says; none when no version of ours wrote it.
    pub(crate) message: Option<Message>,
    /// Which call.
    pub(crate) call: TrackingCall,
    /// How often it was forwarded in vain.
    pub(crate) attempts: i32,
}

/// Takes messages, in their order. One that was taken before is left as it is.
pub(crate) async fn take(work: &Work, messages: &[Taken]) -> Result<()> {
    let columns = ["id", "source_id", "call", "state", "received_at", "said", "reason"];
    let mut rows = Rows::into("ingestion_message", columns);
    for one in messages {
        let (state, said, reason) = match &one.said {
            Ok(said) => (MessageState::Pending, Some(said.clone()), None),
            Err(why) => (MessageState::Refused, None, Some(why.clone())),
        };
        rows.push([
            one.id.uuid().into(),
            one.source.uuid().into(),
            word(&one.call)?.into(),
            word(&state)?.into(),
            one.received_at.into(),
            said.into(),
            reason.into(),
        ]);
    }
    work.insert(rows, "ON CONFLICT (id) DO NOTHING").await
}

/// The messages that are due, in the order in which they came.
pub(crate) async fn due(db: &Db, limit: usize) -> Result<Vec<Pending>> {
    let sql = format!(
        "SELECT id, source_id, call, said, attempts FROM ingestion_message \
         WHERE state = 'pending' AND due_ms <= {} ORDER BY position LIMIT $1",
        now_ms(db.backend())
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = db.read().query_all_raw(statement(db.read(), &sql, vec![limit.into()])).await?;
    rows.iter().map(pending).collect()
}

fn pending(row: &QueryResult) -> Result<Pending> {
    let said: Option<String> = row.try_get("", "said")?;
    Ok(Pending {
        id: row.try_get::<Uuid>("", "id")?.into(),
        source: row.try_get::<Uuid>("", "source_id")?.into(),
        message: said.and_then(|said| serde_json::from_str(&said).ok()),
        call: from_word(row.try_get("", "call")?)?,
        attempts: row.try_get("", "attempts")?,
    })
}

/// Settles messages that are pending, all in the same way. What they said is deleted, unless they are
/// refused: then they can be retried.
pub(crate) async fn settle(
    work: &Work,
    ids: &[IngestionMessageId],
    state: MessageState,
    reason: Option<&str>,
) -> Result<()> {
    for chunk in ids.chunks(ROWS) {
        let mut values: Vec<Value> = vec![word(&state)?.into(), reason.map(str::to_owned).into()];
        let listed = among(work.backend(), "id", chunk.iter().map(|id| id.uuid()), &mut values);
        let said = if state == MessageState::Refused { "said" } else { "NULL" };
        let sql = format!(
            "UPDATE ingestion_message SET state = $1, reason = $2, said = {said}, waiting_for = NULL \
             WHERE {listed} AND state = 'pending'"
        );
        work.execute(&sql, values).await?;
    }
    Ok(())
}

/// Of these messages, those that nobody has settled meanwhile; other writers of them are kept away.
pub(crate) async fn still_pending(
    work: &Work,
    ids: &[IngestionMessageId],
) -> Result<HashSet<IngestionMessageId>> {
    // SQLite has a single writer, and needs nothing.
    let lock = if work.tx().get_database_backend() == DbBackend::Sqlite { "" } else { "FOR UPDATE" };
    let mut pending = HashSet::new();
    for chunk in ids.chunks(ROWS) {
        let mut values: Vec<Value> = Vec::new();
        let listed = among(work.backend(), "id", chunk.iter().map(|id| id.uuid()), &mut values);
        let sql = format!(
            "SELECT id FROM ingestion_message WHERE {listed} AND state = 'pending' ORDER BY id {lock}"
        );
        for row in work.query_all(&sql, values).await? {
            pending.insert(row.try_get_by_index::<Uuid>(0)?.into());
        }
    }
    Ok(pending)
}

/// Lets a message wait until somebody is known by this key, or `recheck` is over.
pub(crate) async fn wait(work: &Work, id: IngestionMessageId, key: Uuid, recheck: Duration) -> Result<()> {
    let now = now_ms(work.tx().get_database_backend());
    let sql = format!(
        "UPDATE ingestion_message SET state = 'waiting', waiting_for = $2, due_ms = {now} + $3 \
         WHERE id = $1 AND state = 'pending'"
    );
    let recheck = i64::try_from(recheck.as_millis()).unwrap_or(i64::MAX);
    work.execute(&sql, vec![id.uuid().into(), key.into(), recheck.into()]).await?;
    Ok(())
}

/// Makes waiting messages pending again whose time to be looked at has come, at most `limit`.
pub(crate) async fn recheck(work: &Work, limit: i64) -> Result<u64> {
    let now = now_ms(work.tx().get_database_backend());
    let sql = format!(
        "UPDATE ingestion_message SET state = 'pending', waiting_for = NULL WHERE id IN \
         (SELECT id FROM ingestion_message WHERE state = 'waiting' AND due_ms <= {now} LIMIT $1)"
    );
    Ok(work.execute(&sql, vec![limit.into()]).await?.rows_affected())
}

/// Makes messages pending again that waited for one of these keys.
pub(crate) async fn release(work: &Work, keys: &[Uuid]) -> Result<u64> {
    let mut released = 0;
    for chunk in keys.chunks(ROWS) {
        let mut values: Vec<Value> = Vec::new();
        let listed = among(work.backend(), "waiting_for", chunk.iter().copied(), &mut values);
        let sql = format!(
            "UPDATE ingestion_message SET state = 'pending', waiting_for = NULL, due_ms = 0 \
             WHERE state = 'waiting' AND {listed}"
        );
        released += work.execute(&sql, values).await?.rows_affected();
    }
    Ok(released)
}

/// Puts messages off that could not be forwarded now.
pub(crate) async fn put_off(work: &Work, ids: &[IngestionMessageId], pause: Duration) -> Result<()> {
    let now = now_ms(work.tx().get_database_backend());
    for chunk in ids.chunks(ROWS) {
        let mut values: Vec<Value> = vec![i64::try_from(pause.as_millis()).unwrap_or(i64::MAX).into()];
        let listed = among(work.backend(), "id", chunk.iter().map(|id| id.uuid()), &mut values);
        let sql = format!(
            "UPDATE ingestion_message SET attempts = attempts + 1, due_ms = {now} + $1 WHERE {listed}"
        );
        work.execute(&sql, values).await?;
    }
    Ok(())
}

/// Lets go of what has waited since before `since` in vain, at most `limit`; gives their source and call.
pub(crate) async fn expire(
    work: &Work,
    since: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<(IngestionSourceId, TrackingCall)>> {
    let sql = "UPDATE ingestion_message SET state = 'expired', said = NULL, waiting_for = NULL WHERE id IN \
               (SELECT id FROM ingestion_message WHERE state = 'waiting' AND received_at < $1 LIMIT $2) \
               RETURNING source_id, call";
    let rows = work.query_all(sql, vec![since.into(), limit.into()]).await?;
    let expired = |row: &QueryResult| {
        Ok((row.try_get::<Uuid>("", "source_id")?.into(), from_word(row.try_get("", "call")?)?))
    };
    rows.iter().map(expired).collect()
}

/// Forgets messages that came before `before` and are over, at most `limit`.
pub(crate) async fn forget(work: &Work, before: DateTime<Utc>, limit: i64) -> Result<u64> {
    let sql = "DELETE FROM ingestion_message WHERE id IN (SELECT id FROM ingestion_message \
               WHERE received_at < $1 AND state NOT IN ('pending', 'waiting') LIMIT $2)";
    Ok(work.execute(sql, vec![before.into(), limit.into()]).await?.rows_affected())
}

/// How many messages are to be forwarded, and since when the oldest of them.
pub(crate) async fn backlog(db: &Db) -> Result<(i64, Option<DateTime<Utc>>)> {
    let sql = "SELECT (SELECT COUNT(*) FROM ingestion_message WHERE state = 'pending'), \
               (SELECT received_at FROM ingestion_message WHERE state = 'pending' ORDER BY position LIMIT 1)";
    let row = db.read().query_one_raw(statement(db.read(), sql, Vec::new())).await?;
    let row = row.ok_or_else(|| Error::Fault("a count gave no row".into()))?;
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))
}
