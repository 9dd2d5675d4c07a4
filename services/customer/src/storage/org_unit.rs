//! Units as this service owns them: the shared table, with names and what the outlet register says.

use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement, word},
    rows::among,
};
use schema::{
    access::Scope,
    api::{
        customer::{OrgUnit, OrgUnitFilter, OrgUnitStatus, UnitCoordinates, UnitDetails},
        page::{self, Page},
    },
    event::customer::OrgUnitState,
    ids::OrgUnitId,
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

const COLUMNS: &str = "u.id, u.code, u.name, u.kind, u.parent_id, u.status, u.revision, u.address, \
                       u.opening_spans, u.time_zone, u.latitude_micro, u.longitude_micro, u.services";

fn org_unit(row: &QueryResult) -> Result<OrgUnit> {
    Ok(OrgUnit {
        id: row.try_get::<Uuid>("", "id")?.into(),
        code: row.try_get("", "code")?,
        name: row.try_get("", "name")?,
        kind: from_word(row.try_get("", "kind")?)?,
        parent_id: row.try_get::<Option<Uuid>>("", "parent_id")?.map(OrgUnitId::from),
        status: from_word(row.try_get("", "status")?)?,
        details: details(row)?,
        revision: row.try_get("", "revision")?,
    })
}

fn details(row: &QueryResult) -> Result<UnitDetails> {
    let services: String = row.try_get("", "services")?;
    let coordinates = match (row.try_get("", "latitude_micro")?, row.try_get("", "longitude_micro")?) {
        (Some(latitude_micro), Some(longitude_micro)) => {
            Some(UnitCoordinates { latitude_micro, longitude_micro })
        }
        _ => None,
    };
    Ok(UnitDetails {
        address: json(row, "address")?,
        opening_spans: json(row, "opening_spans")?.unwrap_or_default(),
        time_zone: row.try_get("", "time_zone")?,
        coordinates,
        services: services.split('/').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
    })
}

fn json<T: DeserializeOwned>(row: &QueryResult, column: &str) -> Result<Option<T>> {
    let text: Option<String> = row.try_get("", column)?;
    let read = |text: String| {
        serde_json::from_str(&text).map_err(|error| Error::malformed("a unit's details", error))
    };
    text.map(read).transpose()
}

fn as_json<T: Serialize>(value: Option<&T>) -> Result<Option<String>> {
    let write =
        |value| serde_json::to_string(value).map_err(|error| Error::malformed("a unit's details", error));
    value.map(write).transpose()
}

/// The unit with this id, if it lies in `reach`.
pub(crate) async fn find(work: &Work, id: OrgUnitId, reach: &Scope) -> Result<Option<OrgUnit>> {
    let mut values: Vec<Value> = vec![id.uuid().into()];
    let condition = reference::scope::of_org_unit(reach, &mut values);
    let sql = format!("SELECT {COLUMNS} FROM org_unit u WHERE u.id = $1 AND {condition}");
    work.query_one(&sql, values).await?.as_ref().map(org_unit).transpose()
}

/// Whether `unit` is `top` or lies below it.
pub(crate) async fn is_below(work: &Work, unit: OrgUnitId, top: OrgUnitId) -> Result<bool> {
    let row = work
        .query_one(
            "SELECT 1 FROM org_unit u, org_unit t WHERE u.id = $1 AND t.id = $2 AND u.path LIKE t.path || '%'",
            vec![unit.uuid().into(), top.uuid().into()],
        )
        .await?;
    Ok(row.is_some())
}

/// How deep the unit lies: 1 for the root; 0 when its path is unknown.
pub(crate) async fn depth(work: &Work, unit: OrgUnitId) -> Result<i32> {
    let row = work.query_one("SELECT path FROM org_unit WHERE id = $1", vec![unit.uuid().into()]).await?;
    let path: Option<String> = row.map_or(Ok(None), |row| row.try_get_by_index(0))?;
    let slashes = path.map_or(0, |path| path.matches('/').count());
    Ok(i32::try_from(slashes.saturating_sub(1)).unwrap_or(i32::MAX))
}

/// Whether a unit directly below is open.
pub(crate) async fn has_open_child(work: &Work, unit: OrgUnitId) -> Result<bool> {
    let values = vec![unit.uuid().into(), word(&OrgUnitStatus::Open)?.into()];
    let sql = "SELECT 1 FROM org_unit WHERE parent_id = $1 AND status = $2 LIMIT 1";
    Ok(work.query_one(sql, values).await?.is_some())
}

/// Whether the unit is open.
pub(crate) async fn is_open(work: &Work, unit: OrgUnitId) -> Result<bool> {
    let values = vec![unit.uuid().into(), word(&OrgUnitStatus::Open)?.into()];
    Ok(work.query_one("SELECT 1 FROM org_unit WHERE id = $1 AND status = $2", values).await?.is_some())
}

/// Writes a unit's state, name and details.
pub(crate) async fn put(work: &Work, unit: &OrgUnit) -> Result<()> {
    reference::org_unit::keep(work, &state(unit), unit.revision).await?;
    let UnitDetails { address, opening_spans, time_zone, coordinates, services } = &unit.details;
    work.execute(
        "UPDATE org_unit SET name = $2, address = $3, opening_spans = $4, time_zone = $5, \
         latitude_micro = $6, longitude_micro = $7, services = $8 WHERE id = $1",
        vec![
            unit.id.uuid().into(),
            unit.name.as_str().into(),
            as_json(address.as_ref())?.into(),
            as_json(Some(opening_spans).filter(|spans| !spans.is_empty()))?.into(),
            time_zone.clone().into(),
            coordinates.map(|at| at.latitude_micro).into(),
            coordinates.map(|at| at.longitude_micro).into(),
            services.iter().fold("/".to_owned(), |all, code| all + code + "/").into(),
        ],
    )
    .await?;
    Ok(())
}

/// What the others are told of a unit.
pub(crate) fn state(unit: &OrgUnit) -> OrgUnitState {
    OrgUnitState {
        org_unit_id: unit.id,
        code: unit.code.clone(),
        kind: unit.kind,
        parent_id: unit.parent_id,
        status: unit.status,
    }
}

/// A page of the units in `reach`, by path.
pub(crate) async fn list(db: &Db, reach: &Scope, filter: &OrgUnitFilter) -> Result<Page<OrgUnit>> {
    let limit = page::limit(filter.limit, page::LIMIT_MAX)?;
    let query = format!("org-units?code={:?}", filter.code);
    let mut values: Vec<Value> = Vec::new();
    let mut sql = format!(
        "SELECT {COLUMNS}, u.path FROM org_unit u WHERE u.path IS NOT NULL AND {}",
        reference::scope::of_org_unit(reach, &mut values)
    );
    if let Some(code) = &filter.code {
        values.push(code.as_str().into());
        sql.push_str(&format!(" AND u.code = ${}", values.len()));
    }
    if let Some(after) = &filter.after {
        values.push(page::key_of::<String>(&query, after)?.into());
        sql.push_str(&format!(" AND u.path > ${}", values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY u.path LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let units: Result<Vec<(OrgUnit, String)>> =
        rows.iter().map(|row| Ok((org_unit(row)?, row.try_get("", "path")?))).collect();
    let page = Page::of(units?, limit, &query, |(_, path)| path.clone());
    Ok(Page { items: page.items.into_iter().map(|(unit, _)| unit).collect(), next: page.next })
}

/// These units, in the order of `ids`.
pub(super) async fn of_ids(db: &Db, ids: &[Uuid]) -> Result<Vec<OrgUnit>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let listed = among(db.backend(), "u.id", ids.iter().copied(), &mut values);
    let sql = format!("SELECT {COLUMNS} FROM org_unit u WHERE {listed}");
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let mut units: Vec<OrgUnit> = rows.iter().map(org_unit).collect::<Result<_>>()?;
    units.sort_by_key(|unit| ids.iter().position(|id| *id == unit.id.uuid()));
    Ok(units)
}
