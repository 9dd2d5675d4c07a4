//! What customers' stages are made of.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use kit::{
    Db, Result, Work,
    db::{statement, word},
    rows::{Rows, among},
};
use schema::ids::CustomerId;
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Value};
use uuid::Uuid;

use crate::domain::stage::Facts;

/// Keeps other writers of these customers away and gives what happened so far to each; nothing of those whom nobody
/// has.
pub(crate) async fn facts(
    work: &Work,
    customers: &BTreeSet<CustomerId>,
) -> Result<BTreeMap<CustomerId, Facts>> {
    let asked = |column, values: &mut Vec<Value>| {
        among(work.backend(), column, customers.iter().map(|id| id.uuid()), values)
    };
    // The same rows that every command locks first, in the order of their ids. SQLite has one writer.
    if work.backend() != DbBackend::Sqlite {
        let mut values = Vec::new();
        let theirs = asked("subject_id", &mut values);
        let sql = format!("SELECT 1 FROM revision WHERE {theirs} ORDER BY subject_id FOR UPDATE");
        work.query_all(&sql, values).await?;
    }
    let mut values = Vec::new();
    let theirs = asked("id", &mut values);
    let sql =
        format!("SELECT id, purchases, presales_contacts, last_purchase_at FROM customer WHERE {theirs}");
    let rows = work.query_all(&sql, values).await?;
    let read = |row: &QueryResult| {
        let facts = Facts {
            purchases: row.try_get("", "purchases")?,
            presales_contacts: row.try_get("", "presales_contacts")?,
            last_purchase_at: row.try_get("", "last_purchase_at")?,
        };
        Ok((row.try_get::<Uuid>("", "id")?.into(), facts))
    };
    rows.iter().map(read).collect()
}

/// What is kept of a customer: what happened; and whether it is told that they lapsed, when that is another than
/// before.
pub(crate) type Reached = (Facts, Option<bool>);

/// Writes what happened and the stages that are reached by it.
pub(crate) async fn put(work: &Work, reached: &BTreeMap<CustomerId, Reached>) -> Result<()> {
    let mut rows = Rows::named(
        "now",
        ["id", "purchases", "presales_contacts", "last_purchase_at", "stage", "lapse_told"],
    );
    for (customer, (facts, lapse_told)) in reached {
        rows.push([
            customer.uuid().into(),
            facts.purchases.into(),
            facts.presales_contacts.into(),
            facts.last_purchase_at.into(),
            word(&facts.reached())?.into(),
            (*lapse_told).into(),
        ]);
    }
    let sql = |now: &str| {
        format!(
            "UPDATE customer SET purchases = now.purchases, presales_contacts = now.presales_contacts, \
                 last_purchase_at = now.last_purchase_at, stage = now.stage, \
                 lapse_told = COALESCE(now.lapse_told, customer.lapse_told) \
             FROM {now} WHERE customer.id = now.id"
        )
    };
    work.execute_over(rows, sql).await?;
    Ok(())
}

/// Customers who bought last before this and of whom it is not told that they lapsed, the longest lapsed first.
pub(crate) async fn lapsed(db: &Db, before: DateTime<Utc>, most: u32) -> Result<Vec<CustomerId>> {
    let sql = "SELECT id FROM customer WHERE NOT lapse_told AND last_purchase_at < $1 \
               ORDER BY last_purchase_at, id LIMIT $2";
    let values = vec![before.into(), i64::from(most).into()];
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
}

/// Notes of one of them that it is told; `false` when they bought meanwhile, or it was told already.
pub(crate) async fn note_lapse(work: &Work, customer: CustomerId, before: DateTime<Utc>) -> Result<bool> {
    let sql = "UPDATE customer SET lapse_told = true \
               WHERE id = $1 AND NOT lapse_told AND last_purchase_at < $2";
    Ok(work.execute(sql, vec![customer.uuid().into(), before.into()]).await?.rows_affected() == 1)
}
