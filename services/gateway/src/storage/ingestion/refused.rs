//! Messages that had no effect, for whoever looks after a source.

use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
    rows::among,
};
use schema::{
    api::{
        ingestion::{IngestionMessage, MessageState},
        page::{self, LIMIT_MAX, Page},
    },
    ids::{IngestionMessageId, IngestionSourceId},
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

/// A page of a source's messages in one state, those that came last first.
pub(crate) async fn page(
    db: &Db,
    source: IngestionSourceId,
    state: MessageState,
    after: Option<&str>,
    limit: u32,
) -> Result<Page<IngestionMessage>> {
    let (limit, state) = (page::limit(Some(limit), LIMIT_MAX)?, word(&state)?);
    let query = format!("ingestion_messages?source={source}&state={state}");
    let mut values: Vec<Value> = vec![source.uuid().into(), state.into()];
    let mut sql = "SELECT position, id, call, state, reason, received_at FROM ingestion_message \
                   WHERE source_id = $1 AND state = $2"
        .to_owned();
    if let Some(after) = after {
        values.push(page::key_of::<i64>(&query, after)?.into());
        sql.push_str(&format!(" AND position < ${}", values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY position DESC LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let found: Result<Vec<(i64, IngestionMessage)>> = rows.iter().map(message).collect();
    let page = Page::of(found?, limit, &query, |(position, _)| *position);
    Ok(Page { items: page.items.into_iter().map(|(_, one)| one).collect(), next: page.next })
}

fn message(row: &QueryResult) -> Result<(i64, IngestionMessage)> {
    let one = IngestionMessage {
        id: row.try_get::<Uuid>("", "id")?.into(),
        call: from_word(row.try_get("", "call")?)?,
        state: from_word(row.try_get("", "state")?)?,
        reason: row.try_get("", "reason")?,
        received_at: row.try_get("", "received_at")?,
    };
    Ok((row.try_get("", "position")?, one))
}

/// Makes refused messages of a source pending again: these, or the oldest of all, at most `limit`. What was
/// never taken in cannot be retried.
pub(crate) async fn retry(
    work: &Work,
    source: IngestionSourceId,
    ids: Option<&[IngestionMessageId]>,
    limit: i64,
) -> Result<u64> {
    let mut values: Vec<Value> = vec![source.uuid().into()];
    let among = match ids {
        Some([]) => return Ok(0),
        Some(ids) => {
            format!("AND {}", among(work.backend(), "id", ids.iter().map(|id| id.uuid()), &mut values))
        }
        None => String::new(),
    };
    values.push(limit.into());
    let sql = format!(
        "UPDATE ingestion_message SET state = 'pending', reason = NULL, due_ms = 0, attempts = 0 WHERE id IN \
         (SELECT id FROM ingestion_message WHERE source_id = $1 AND state = 'refused' AND said IS NOT NULL {among} \
         ORDER BY position LIMIT ${})",
        values.len()
    );
    Ok(work.execute(&sql, values).await?.rows_affected())
}
