//! Who somebody is whose device, or former id, is known.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Result, Work,
    db::statement,
    rows::{Rows, among},
};
use schema::ids::CustomerId;
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

/// Keeps who is meant by these keys; a newer word takes the place of an older one.
pub(crate) async fn put(work: &Work, links: &[(Uuid, CustomerId)]) -> Result<()> {
    let mut rows = Rows::into("ingestion_link", ["key", "customer_id", "linked_at"]);
    for (key, customer) in links {
        rows.push([(*key).into(), customer.uuid().into(), work.now().into()]);
    }
    let then =
        "ON CONFLICT (key) DO UPDATE SET customer_id = excluded.customer_id, linked_at = excluded.linked_at";
    work.insert(rows, then).await
}

/// Who is meant by these keys; a key that nobody is known by is left out.
pub(crate) async fn of(db: &Db, keys: &[Uuid]) -> Result<HashMap<Uuid, CustomerId>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = Vec::new();
    let listed = among(db.backend(), "key", keys.iter().copied(), &mut values);
    let sql = format!("SELECT key, customer_id FROM ingestion_link WHERE {listed}");
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "key")?, row.try_get::<Uuid>("", "customer_id")?.into())))
        .collect()
}

/// Forgets links that nobody renewed since then, at most `limit`.
pub(crate) async fn forget(work: &Work, before: DateTime<Utc>, limit: i64) -> Result<u64> {
    let sql = "DELETE FROM ingestion_link WHERE key IN \
               (SELECT key FROM ingestion_link WHERE linked_at < $1 LIMIT $2)";
    Ok(work.execute(sql, vec![before.into(), limit.into()]).await?.rows_affected())
}
