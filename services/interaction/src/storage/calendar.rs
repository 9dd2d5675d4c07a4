//! Calendars, and which unit works by which.

use kit::{Db, Error, Result, Work, db::statement};
use schema::{
    access::Scope,
    api::{
        interaction::Calendar,
        page::{self, Page},
    },
    ids::{CalendarId, OrgUnitId},
};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

const COLUMNS: &str = "c.id, c.code, c.time_zone, c.week, c.holidays, c.special_days, r.revision";

/// Writes a new calendar.
pub(crate) async fn add(work: &Work, new: &Calendar) -> Result<()> {
    work.execute(
        "INSERT INTO calendar (id, code, time_zone, week, holidays, special_days) VALUES ($1, $2, $3, $4, $5, $6)",
        values(new)?,
    )
    .await?;
    Ok(())
}

/// Writes what changed of a calendar.
pub(crate) async fn put(work: &Work, calendar: &Calendar) -> Result<()> {
    let sql = "UPDATE calendar SET time_zone = $3, week = $4, holidays = $5, special_days = $6 \
               WHERE id = $1 AND code = $2";
    work.execute(sql, values(calendar)?).await?;
    Ok(())
}

fn values(calendar: &Calendar) -> Result<Vec<Value>> {
    Ok(vec![
        calendar.id.uuid().into(),
        calendar.code.as_str().into(),
        calendar.time_zone.as_str().into(),
        to_json(&calendar.week)?.into(),
        to_json(&calendar.holidays)?.into(),
        to_json(&calendar.special_days)?.into(),
    ])
}

/// Whether a calendar has this code.
pub(crate) async fn is_code_taken(work: &Work, code: &str) -> Result<bool> {
    Ok(work.query_one("SELECT 1 FROM calendar WHERE code = $1", vec![code.into()]).await?.is_some())
}

/// The calendar within a command.
pub(crate) async fn find(work: &Work, id: CalendarId) -> Result<Option<Calendar>> {
    load(work.tx(), id).await
}

/// The calendar.
pub(crate) async fn get(db: &Db, id: CalendarId) -> Result<Option<Calendar>> {
    load(db.read(), id).await
}

async fn load(connection: &impl ConnectionTrait, id: CalendarId) -> Result<Option<Calendar>> {
    let sql =
        format!("SELECT {COLUMNS} FROM calendar c JOIN revision r ON r.subject_id = c.id WHERE c.id = $1");
    let row = connection.query_one_raw(statement(connection, &sql, vec![id.uuid().into()])).await?;
    row.as_ref().map(calendar).transpose()
}

/// A page of the calendars, by code.
pub(crate) async fn page(db: &Db, after: Option<&str>, limit: u32) -> Result<Page<Calendar>> {
    let query = "calendars";
    let after: String = after.map(|cursor| page::key_of(query, cursor)).transpose()?.unwrap_or_default();
    let sql = format!(
        "SELECT {COLUMNS} FROM calendar c JOIN revision r ON r.subject_id = c.id \
         WHERE c.code > $1 ORDER BY c.code LIMIT $2"
    );
    let values = vec![after.into(), (i64::from(limit) + 1).into()];
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let rows: Result<Vec<Calendar>> = rows.iter().map(calendar).collect();
    Ok(Page::of(rows?, limit, query, |one| one.code.clone()))
}

/// Lets a unit work by a calendar.
pub(crate) async fn assign(work: &Work, unit: OrgUnitId, calendar: CalendarId) -> Result<()> {
    let sql = "INSERT INTO unit_calendar (org_unit_id, calendar_id) VALUES ($1, $2) \
               ON CONFLICT (org_unit_id) DO UPDATE SET calendar_id = excluded.calendar_id";
    work.execute(sql, vec![unit.uuid().into(), calendar.uuid().into()]).await?;
    Ok(())
}

/// Whether a unit outside of this part of the organisation works by the calendar.
pub(crate) async fn is_used_outside(work: &Work, id: CalendarId, organisation: &Scope) -> Result<bool> {
    let mut values: Vec<Value> = vec![id.uuid().into()];
    let condition = reference::scope::of_org_unit(organisation, &mut values);
    let sql = format!(
        "SELECT 1 FROM unit_calendar uses WHERE uses.calendar_id = $1 AND NOT EXISTS \
         (SELECT 1 FROM org_unit u WHERE u.id = uses.org_unit_id AND {condition}) LIMIT 1"
    );
    Ok(work.query_one(&sql, values).await?.is_some())
}

/// The calendar that a unit works by: its own, else that of the nearest unit above it that has one.
pub(crate) async fn of_unit(work: &Work, unit: OrgUnitId) -> Result<Option<Calendar>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM org_unit u \
         JOIN org_unit above ON above.id = u.id OR u.path LIKE above.path || '%' \
         JOIN unit_calendar uses ON uses.org_unit_id = above.id JOIN calendar c ON c.id = uses.calendar_id \
         JOIN revision r ON r.subject_id = c.id WHERE u.id = $1 \
         ORDER BY CASE WHEN above.id = u.id THEN 0 ELSE 1 END, LENGTH(above.path) DESC LIMIT 1"
    );
    let row = work.query_one(&sql, vec![unit.uuid().into()]).await?;
    row.as_ref().map(calendar).transpose()
}

fn calendar(row: &QueryResult) -> Result<Calendar> {
    Ok(Calendar {
        id: row.try_get::<Uuid>("", "id")?.into(),
        code: row.try_get("", "code")?,
        time_zone: row.try_get("", "time_zone")?,
        week: from_json(&row.try_get::<String>("", "week")?)?,
        holidays: from_json(&row.try_get::<String>("", "holidays")?)?,
        special_days: from_json(&row.try_get::<String>("", "special_days")?)?,
        revision: row.try_get("", "revision")?,
    })
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::malformed("a column of JSON", error))
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::malformed("a column of JSON", error))
}
