//! The ledger: written entry by entry with its postings, never changed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement, word},
    rows::Rows,
};
use reference::newest::{self, Range};
use schema::{
    access::Scope,
    api::{
        loyalty::{PointsEntry, PointsQuery, PointsWhy},
        page::{self, Page},
    },
    ids::{CustomerId, LotId, PointsEntryId, PurchaseId},
    value::Points,
};
use sea_orm::{ConnectionTrait as _, FromQueryResult as _, QueryResult, Value};
use uuid::Uuid;

use super::entity::points_entry;
use crate::domain::{ledger::Movement, reckoning::Entered};

/// A new entry.
pub(crate) struct Entry {
    pub(crate) customer: CustomerId,
    pub(crate) id: PointsEntryId,
    /// The purchase that caused it, if one did.
    pub(crate) purchase: Option<PurchaseId>,
    /// What for, when no purchase caused it.
    pub(crate) reason: Option<String>,
    /// The lot that expired.
    pub(crate) lot: Option<LotId>,
    pub(crate) movement: Movement,
    pub(crate) why: PointsWhy,
    pub(crate) occurred_at: DateTime<Utc>,
}

/// Writes entries, each with its two postings.
pub(crate) async fn add(work: &Work, entries: &[Entry]) -> Result<()> {
    let mut rows = Rows::into(
        "points_entry",
        [
            "customer_id",
            "id",
            "kind",
            "purchase_id",
            "reason",
            "why",
            "lot_id",
            "points",
            "occurred_at",
            "recorded_at",
        ],
    );
    let mut postings = Rows::into("points_posting", ["customer_id", "entry_id", "account", "points"]);
    for entry in entries {
        let why =
            serde_json::to_string(&entry.why).map_err(|error| Error::malformed("an explanation", error))?;
        rows.push([
            entry.customer.uuid().into(),
            entry.id.uuid().into(),
            word(&entry.movement.kind())?.into(),
            entry.purchase.map(PurchaseId::uuid).into(),
            entry.reason.clone().into(),
            why.into(),
            entry.lot.map(LotId::uuid).into(),
            entry.movement.points().get().into(),
            entry.occurred_at.into(),
            work.now().into(),
        ]);
        for (side, points) in entry.movement.postings() {
            postings.push([
                entry.customer.uuid().into(),
                entry.id.uuid().into(),
                word(&side)?.into(),
                points.get().into(),
            ]);
        }
    }
    work.insert(rows, "").await?;
    work.insert(postings, "").await
}

/// All entries of each of these customers. Raise the revisions first: it keeps other writers away.
pub(crate) async fn of(work: &Work, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, Vec<Entered>>> {
    let sql =
        "SELECT customer_id, id, kind, purchase_id, lot_id, points, occurred_at FROM points_entry WHERE";
    let entered = |row: &QueryResult| {
        Ok(Entered {
            id: row.try_get::<Uuid>("", "id")?.into(),
            kind: from_word(row.try_get("", "kind")?)?,
            purchase: row.try_get::<Option<Uuid>>("", "purchase_id")?.map(Into::into),
            lot: row.try_get::<Option<Uuid>>("", "lot_id")?.map(Into::into),
            points: row.try_get("", "points")?,
            at: row.try_get("", "occurred_at")?,
        })
    };
    super::of_each(work, customers, sql, entered).await
}

/// A page of a customer's entries, newest first; empty when the customer is not in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    scope: &Scope,
    wanted: &PointsQuery,
) -> Result<Page<PointsEntry>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = format!("points-entries?customer={customer}");
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let mut sql = format!(
        "SELECT e.* FROM points_entry e WHERE e.customer_id = $1 AND {}",
        reference::scope::of_customer(scope, "e.customer_id", &mut values)
    );
    if let Some(after) = &wanted.after {
        let (occurred_at, id) = page::place_of(&query, after)?;
        values.push(occurred_at.into());
        values.push(id.into());
        sql.push_str(&format!(" AND (e.occurred_at, e.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY e.occurred_at DESC, e.id DESC LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let entries: Result<Vec<PointsEntry>> =
        rows.iter().map(|row| points_entry_of(points_entry::Model::from_query_result(row, "")?)).collect();
    Ok(Page::of(entries?, limit, &query, |entry| (entry.occurred_at, entry.id)))
}

/// The latest entries of each of these customers, at most `most` of each, newest first.
pub(super) async fn latest(
    db: &Db,
    customers: &[CustomerId],
    most: u32,
) -> Result<BTreeMap<CustomerId, Vec<PointsEntry>>> {
    let ranges: Vec<Range> = customers.iter().map(|customer| (*customer, newest::START)).collect();
    let read = |row: points_entry::Model| {
        Ok((row.customer_id.into(), (row.occurred_at, row.id), points_entry_of(row)?))
    };
    newest::read(db.read(), "points_entry", &ranges, most, read).await
}

fn points_entry_of(row: points_entry::Model) -> Result<PointsEntry> {
    Ok(PointsEntry {
        id: row.id.into(),
        kind: from_word(row.kind)?,
        points: Some(Points::new(row.points)),
        purchase_id: row.purchase_id.map(Into::into),
        reason: row.reason,
        why: row
            .why
            .map(|why| serde_json::from_str(&why))
            .transpose()
            .map_err(|error| Error::malformed("an explanation", error))?,
        occurred_at: row.occurred_at,
    })
}

/// The sum of all postings: zero, or the ledger is broken. Reads the whole ledger; a check, not a request.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ledger_total(db: &Db) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(sum(points), 0) AS bigint) FROM points_posting";
    let row = db.read().query_one_raw(statement(db.read(), sql, vec![])).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}
