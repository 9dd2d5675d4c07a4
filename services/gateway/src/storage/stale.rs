//! The queue of stale sections: marked by events, claimed by the refreshers of all replicas.
//!
//! A claim is a lease on one customer's section, so that there is one fetch in flight for it; a replica
//! that dies with a claim only delays it. Times are the database's own, as a lease's.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use kit::{
    Db, Result, Work,
    db::statement,
    lease::now_ms,
    rows::{self, Rows},
};
use schema::{api::section::Section, ids::CustomerId};
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Value};
use uuid::Uuid;

/// How long a claim lasts; longer than the deadline of a fetch.
const CLAIM_MS: i64 = 15_000;

/// A section that this replica is to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claimed {
    /// Whose.
    pub(crate) customer_id: CustomerId,
    /// How often it was fetched in vain.
    pub(crate) attempts: i32,
}

fn claimed(row: &QueryResult) -> Result<Claimed> {
    Ok(Claimed {
        customer_id: row.try_get::<Uuid>("", "customer_id")?.into(),
        attempts: row.try_get("", "attempts")?,
    })
}

/// Marks a section of these customers stale, each unless what is held has the wanted revision already. Gives those of
/// whom it is stale.
pub(crate) async fn mark(
    work: &Work,
    section: Section,
    wanted: &BTreeMap<CustomerId, i64>,
) -> Result<Vec<CustomerId>> {
    let (now, s) = (now_ms(work.backend()), section.name());
    let mut rows = Rows::named("told", ["customer_id", "revision"]);
    for (customer, revision) in wanted {
        rows.push([customer.uuid().into(), (*revision).into()]);
    }
    // In the order of their ids: two batches do not wait for each other.
    let sql = |told: &str| {
        format!(
            "INSERT INTO view_stale (customer_id, section, wanted_revision, since_ms, due_ms) \
             SELECT told.customer_id, '{s}', told.revision, {now}, {now} FROM {told} WHERE NOT EXISTS \
             (SELECT 1 FROM customer_view v WHERE v.customer_id = told.customer_id \
                 AND v.{s}_revision >= told.revision) ORDER BY told.customer_id \
             ON CONFLICT (customer_id, section) DO UPDATE SET attempts = 0, due_ms = CASE \
             WHEN excluded.due_ms < view_stale.due_ms THEN excluded.due_ms ELSE view_stale.due_ms END, \
             wanted_revision = CASE WHEN excluded.wanted_revision > view_stale.wanted_revision \
             THEN excluded.wanted_revision ELSE view_stale.wanted_revision END RETURNING customer_id"
        )
    };
    customers(&work.query_over(rows, sql).await?)
}

/// Marks a section of these customers stale if none is held. Gives those of whom it was not marked before.
pub(crate) async fn mark_missing(
    work: &Work,
    section: Section,
    of: &BTreeSet<CustomerId>,
) -> Result<Vec<CustomerId>> {
    let (now, s) = (now_ms(work.backend()), section.name());
    let mut values = Vec::new();
    let theirs = rows::among(work.backend(), "v.customer_id", of.iter().map(|id| id.uuid()), &mut values);
    let sql = format!(
        "INSERT INTO view_stale (customer_id, section, wanted_revision, since_ms, due_ms) \
         SELECT v.customer_id, '{s}', 0, {now}, {now} FROM customer_view v \
         WHERE {theirs} AND v.{s}_revision IS NULL ORDER BY v.customer_id \
         ON CONFLICT (customer_id, section) DO NOTHING RETURNING customer_id"
    );
    customers(&work.query_all(&sql, values).await?)
}

fn customers(rows: &[QueryResult]) -> Result<Vec<CustomerId>> {
    rows.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
}

/// Claims sections that are due, oldest first; with `of`, only those of these customers.
pub(crate) async fn claim(
    db: &Db,
    section: Section,
    of: Option<&[CustomerId]>,
    limit: usize,
) -> Result<Vec<Claimed>> {
    // On SQLite there is one writer: nothing needs to be skipped.
    let (now, skip) = match db.backend() {
        DbBackend::Sqlite => (now_ms(DbBackend::Sqlite), ""),
        other => (now_ms(other), "FOR UPDATE SKIP LOCKED"),
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values: Vec<Value> = vec![section.name().into(), limit.into(), CLAIM_MS.into()];
    let among = match of {
        Some([]) => return Ok(Vec::new()),
        Some(ids) => {
            let listed =
                rows::among(db.backend(), "customer_id", ids.iter().map(|id| id.uuid()), &mut values);
            format!("AND {listed}")
        }
        None => String::new(),
    };
    let sql = format!(
        "WITH due AS (SELECT customer_id FROM view_stale WHERE section = $1 AND due_ms <= {now} \
         AND claimed_until_ms <= {now} {among} ORDER BY due_ms LIMIT $2 {skip}) \
         UPDATE view_stale SET claimed_until_ms = {now} + $3 \
         WHERE section = $1 AND customer_id IN (SELECT customer_id FROM due) RETURNING customer_id, attempts"
    );
    db.write().query_all_raw(statement(db.write(), &sql, values)).await?.iter().map(claimed).collect()
}

/// Marks and claims one section to be fetched at once; none while another fetch of it is in flight.
pub(crate) async fn claim_now(db: &Db, customer: CustomerId, section: Section) -> Result<Option<Claimed>> {
    let now = now_ms(db.backend());
    let sql = format!(
        "INSERT INTO view_stale (customer_id, section, wanted_revision, since_ms, due_ms, claimed_until_ms) \
         VALUES ($1, $2, 0, {now}, {now}, {now} + $3) ON CONFLICT (customer_id, section) \
         DO UPDATE SET claimed_until_ms = excluded.claimed_until_ms \
         WHERE view_stale.claimed_until_ms <= {now} RETURNING customer_id, attempts"
    );
    let values = vec![customer.uuid().into(), section.name().into(), CLAIM_MS.into()];
    let row = db.write().query_one_raw(statement(db.write(), &sql, values)).await?;
    row.as_ref().map(claimed).transpose()
}

/// Takes a section of these customers, fetched at these revisions, off the queue, unless something newer is wanted.
/// Gives those of whom it is off.
pub(crate) async fn settle(
    work: &Work,
    section: Section,
    fetched: impl IntoIterator<Item = (CustomerId, i64)>,
) -> Result<BTreeSet<CustomerId>> {
    let mut rows = Rows::named("fetched", ["customer_id", "revision"]);
    for (customer, revision) in fetched {
        rows.push([customer.uuid().into(), revision.into()]);
    }
    let s = section.name();
    let sql = |fetched: &str| {
        format!(
            "DELETE FROM view_stale WHERE section = '{s}' AND EXISTS (SELECT 1 FROM {fetched} \
             WHERE fetched.customer_id = view_stale.customer_id \
             AND fetched.revision >= view_stale.wanted_revision) RETURNING customer_id"
        )
    };
    Ok(customers(&work.query_over(rows, sql).await?)?.into_iter().collect())
}

/// Gives claims back after fetches in vain; each is due again after its pause.
pub(crate) async fn put_off(
    work: &Work,
    section: Section,
    pauses: impl IntoIterator<Item = (CustomerId, Duration)>,
) -> Result<()> {
    let mut rows = Rows::named("late", ["customer_id", "pause_ms"]);
    for (customer, pause) in pauses {
        let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        rows.push([customer.uuid().into(), pause.into()]);
    }
    let (now, s) = (now_ms(work.backend()), section.name());
    let sql = |late: &str| {
        format!(
            "UPDATE view_stale SET claimed_until_ms = 0, attempts = attempts + 1, due_ms = {now} + late.pause_ms \
             FROM {late} WHERE view_stale.customer_id = late.customer_id AND view_stale.section = '{s}'"
        )
    };
    work.execute_over(rows, sql).await?;
    Ok(())
}

/// Gives claims back that were not even tried.
pub(crate) async fn release(db: &Db, section: Section, claimed: &[Claimed]) -> Result<()> {
    if claimed.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = vec![section.name().into()];
    let ids = claimed.iter().map(|one| one.customer_id.uuid());
    let listed = rows::among(db.backend(), "customer_id", ids, &mut values);
    let sql = format!("UPDATE view_stale SET claimed_until_ms = 0 WHERE section = $1 AND {listed}");
    db.execute(&sql, values).await?;
    Ok(())
}
