//! How many messages of one sort had one outcome: what a source sends, and what is made of it.

use std::collections::BTreeMap;

use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
};
use schema::{
    api::ingestion::{IngestionCount, MessageState, TrackingCall},
    ids::IngestionSourceId,
    value::Long,
};
use sea_orm::ConnectionTrait as _;

/// The most names of events that are counted apart for one source.
const NAMES_MOST: i64 = 500;
/// The most counts that are shown of one source.
pub(crate) const SHOWN: i64 = 200;

/// What is counted: source, call, event, outcome.
pub(crate) type Sort = (IngestionSourceId, TrackingCall, Option<String>, MessageState);

/// Adds to the counts. A name beyond the most is counted without it.
pub(crate) async fn add(work: &Work, counts: &BTreeMap<Sort, i64>) -> Result<()> {
    // In the order of the map, which is one order for all writers.
    for ((source, call, event, state), count) in counts {
        let sql = format!(
            "INSERT INTO ingestion_count (source_id, call, event, state, count, last_at) \
             SELECT $1, $2, CASE WHEN EXISTS (SELECT 1 FROM ingestion_count o WHERE o.source_id = $1 AND o.event = $3) \
             OR (SELECT COUNT(*) FROM ingestion_count o WHERE o.source_id = $1) < {NAMES_MOST} THEN $3 ELSE '' END, \
             $4, $5, $6 WHERE true \
             ON CONFLICT (source_id, call, event, state) DO UPDATE SET \
             count = ingestion_count.count + excluded.count, last_at = excluded.last_at"
        );
        let values = vec![
            source.uuid().into(),
            word(call)?.into(),
            event.clone().unwrap_or_default().into(),
            word(state)?.into(),
            (*count).into(),
            work.now().into(),
        ];
        work.execute(&sql, values).await?;
    }
    Ok(())
}

/// The counts of a source, the largest first; at most [`SHOWN`].
pub(crate) async fn of(db: &Db, source: IngestionSourceId) -> Result<Vec<IngestionCount>> {
    let sql = "SELECT call, event, state, count, last_at FROM ingestion_count WHERE source_id = $1 \
               ORDER BY count DESC, call, event, state LIMIT $2";
    let values = vec![source.uuid().into(), SHOWN.into()];
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await?;
    rows.iter()
        .map(|row| {
            let event: String = row.try_get("", "event")?;
            Ok(IngestionCount {
                call: from_word(row.try_get("", "call")?)?,
                event: Some(event).filter(|event| !event.is_empty()),
                state: from_word(row.try_get("", "state")?)?,
                count: Long(row.try_get("", "count")?),
                last_at: row.try_get("", "last_at")?,
            })
        })
        .collect()
}
