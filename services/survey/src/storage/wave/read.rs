//! Which waves there are, and which one is the latest.

use chrono::{DateTime, Utc};
use kit::{
    Db, Result,
    db::{statement, word},
};
use schema::{
    access::Scope,
    api::{
        page::{self, Page},
        survey::{Instrument, Wave, WavesQuery},
    },
    ids::{OrgUnitId, WaveId},
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

use super::{Kept, kept};

/// Waves `w` with their unit `u`.
const WHOLE: &str = "SELECT w.*, COALESCE(r.revision, 0) AS revision FROM wave w \
    JOIN org_unit u ON u.id = w.org_unit_id LEFT JOIN revision r ON r.subject_id = w.id";

/// A page of the waves of units within the organisation, newest first.
pub(crate) async fn page(db: &Db, organisation: &Scope, wanted: &WavesQuery) -> Result<Page<Wave>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = "waves";
    let mut values: Vec<Value> = Vec::new();
    let mut sql = format!("{WHOLE} WHERE {}", reference::scope::of_org_unit(organisation, &mut values));
    if let Some(after) = &wanted.after {
        let (created_at, id) = page::place_of(query, after)?;
        values.extend([created_at.into(), id.into()]);
        sql.push_str(&format!(" AND (w.created_at, w.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY w.created_at DESC, w.id DESC LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let waves: Result<Vec<Wave>> = rows.iter().map(|row| Ok(kept(row)?.shown)).collect();
    Ok(Page::of(waves?, limit, query, |one| (one.created_at, one.id)))
}

/// The wave, if its unit is within the organisation.
pub(crate) async fn find(db: &Db, organisation: &Scope, wave: WaveId) -> Result<Option<Kept>> {
    let mut values: Vec<Value> = vec![wave.uuid().into()];
    let sql =
        format!("{WHOLE} WHERE w.id = $1 AND {}", reference::scope::of_org_unit(organisation, &mut values));
    let row = db.read().query_one_raw(statement(db.read(), &sql, values)).await?;
    row.map(|row| kept(&row)).transpose()
}

/// The latest closed wave with this question that asked the customers of a unit: one of the unit itself, or of a
/// unit above it. Without a unit, that of the organisation's top.
pub(crate) async fn current(
    db: &Db,
    organisation: &Scope,
    unit: Option<OrgUnitId>,
    instrument: Instrument,
) -> Result<Option<Kept>> {
    let mut values: Vec<Value> = vec![word(&instrument)?.into()];
    let asked = match (unit, organisation) {
        (Some(unit), _) => {
            values.push(unit.uuid().into());
            let at = values.len();
            let condition = reference::scope::of_org_unit(organisation, &mut values);
            format!("SELECT u.path FROM org_unit u WHERE u.id = ${at} AND {condition}")
        }
        (None, Scope::Subtree(code)) => {
            values.push(code.as_str().into());
            format!("SELECT u.path FROM org_unit u WHERE u.code = ${}", values.len())
        }
        (None, Scope::Everything) => "SELECT u.path FROM org_unit u WHERE u.parent_id IS NULL".to_owned(),
        (None, Scope::Nothing) => return Ok(None),
    };
    let sql = format!(
        "{WHOLE} WHERE w.instrument = $1 AND w.opened_at IS NOT NULL AND w.closed_at IS NOT NULL \
         AND ({asked}) LIKE u.path || '%' ORDER BY w.closed_at DESC, w.id DESC LIMIT 1"
    );
    let row = db.read().query_one_raw(statement(db.read(), &sql, values)).await?;
    row.map(|row| kept(&row)).transpose()
}

/// Open waves that still have customers to look at.
pub(crate) async fn open(db: &Db, now: DateTime<Utc>, most: u32) -> Result<Vec<WaveId>> {
    let sql =
        "SELECT id FROM wave WHERE state = 'open' AND until_at > $1 AND NOT complete ORDER BY id LIMIT $2";
    ids(db, sql, now, most).await
}

/// Open waves whose period is over.
pub(crate) async fn over(db: &Db, now: DateTime<Utc>, most: u32) -> Result<Vec<WaveId>> {
    let sql = "SELECT id FROM wave WHERE state = 'open' AND until_at <= $1 ORDER BY id LIMIT $2";
    ids(db, sql, now, most).await
}

async fn ids(db: &Db, sql: &str, now: DateTime<Utc>, most: u32) -> Result<Vec<WaveId>> {
    let values = vec![now.into(), i64::from(most).into()];
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await?;
    rows.iter().map(|row: &QueryResult| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
}
