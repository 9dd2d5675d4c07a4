//! Versions of the programme: created once, never changed. There are few.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kit::{Db, Error, Result, Work, db::statement};
use schema::{
    api::{
        loyalty::{ProgrammeVersion, ProgrammeVersionsQuery},
        page::{self, Page},
    },
    ids::OrgUnitId,
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::domain::programme::{Programme, Units, Version};

/// The most versions.
pub(crate) const MOST: usize = 200;
const ALL: &str =
    "SELECT number, valid_from, terms, units, created_at FROM programme_version ORDER BY number";

/// All versions, within a transaction.
pub(crate) async fn all(work: &Work) -> Result<Programme> {
    let rows = work.query_all(ALL, vec![]).await?;
    Ok(Programme::of(rows.iter().map(version_of).collect::<Result<_>>()?))
}

/// A page of the versions, the latest first; the built-in one is the last.
pub(crate) async fn page(db: &Db, wanted: &ProgrammeVersionsQuery) -> Result<Page<ProgrammeVersion>> {
    const QUERY: &str = "programme-versions";
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let before: i32 = match &wanted.after {
        Some(after) => page::key_of(QUERY, after)?,
        None => i32::MAX,
    };
    let mut versions = read(db).await?;
    versions.retain(|version| version.version < before);
    versions.sort_by_key(|version| std::cmp::Reverse(version.version));
    versions.truncate(limit as usize + 1);
    Ok(Page::of(versions, limit, QUERY, |version| version.version))
}

/// The version with this number.
pub(crate) async fn find(db: &Db, number: i32) -> Result<Option<ProgrammeVersion>> {
    Ok(read(db).await?.into_iter().find(|version| version.version == number))
}

async fn read(db: &Db) -> Result<Vec<ProgrammeVersion>> {
    let rows = db.read().query_all_raw(statement(db.read(), ALL, vec![])).await?;
    let programme = Programme::of(rows.iter().map(version_of).collect::<Result<_>>()?);
    Ok(programme.each().map(|version| version.shown.clone()).collect())
}

/// Adds a version. Every account is looked at when it becomes valid.
pub(crate) async fn add(work: &Work, version: &Version) -> Result<()> {
    let shown = &version.shown;
    work.execute(
        "INSERT INTO programme_version (number, valid_from, terms, units, created_at) \
         VALUES ($1, $2, $3, $4, $5)",
        vec![
            i64::from(shown.version).into(),
            shown.valid_from.into(),
            json(&shown.terms)?,
            json(&version.units)?,
            work.now().into(),
        ],
    )
    .await?;
    work.execute(
        "UPDATE points_account SET due_at = $1 WHERE due_at IS NULL OR due_at > $1",
        vec![shown.valid_from.into()],
    )
    .await?;
    Ok(())
}

/// Whether anything was bought that is known here.
pub(crate) async fn anything_bought(work: &Work) -> Result<bool> {
    Ok(work.query_one("SELECT 1 FROM purchase_ref LIMIT 1", vec![]).await?.is_some())
}

/// A unit and those below it; none when it is not known.
pub(crate) async fn units_below(work: &Work, unit: OrgUnitId) -> Result<Option<BTreeSet<OrgUnitId>>> {
    let path = work.query_one("SELECT path FROM org_unit WHERE id = $1", vec![unit.uuid().into()]).await?;
    let Some(path) = path.map(|row| row.try_get_by_index::<Option<String>>(0)).transpose()?.flatten() else {
        return Ok(None);
    };
    // `0` follows `/` in ASCII: every path that begins with this one lies between.
    let end = format!("{}0", path.trim_end_matches('/'));
    let rows = work
        .query_all("SELECT id FROM org_unit WHERE path >= $1 AND path < $2", vec![path.into(), end.into()])
        .await?;
    let ids: Result<BTreeSet<OrgUnitId>, sea_orm::DbErr> =
        rows.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect();
    Ok(Some(ids?))
}

fn version_of(row: &QueryResult) -> Result<Version> {
    let number: i64 = row.try_get("", "number")?;
    let (valid_from, created_at): (DateTime<Utc>, DateTime<Utc>) =
        (row.try_get("", "valid_from")?, row.try_get("", "created_at")?);
    let shown = ProgrammeVersion {
        version: i32::try_from(number).map_err(|_| Error::Fault("a version's number is too large".into()))?,
        valid_from,
        terms: parsed(row, "terms")?,
        created_at: Some(created_at),
    };
    Ok(Version { shown, units: parsed::<Units>(row, "units")? })
}

fn parsed<T: DeserializeOwned>(row: &QueryResult, column: &str) -> Result<T> {
    let text: String = row.try_get("", column)?;
    serde_json::from_str(&text).map_err(|error| Error::malformed("a version of the programme", error))
}

fn json<T: serde::Serialize>(value: &T) -> Result<Value> {
    let text = serde_json::to_string(value);
    Ok(text.map_err(|error| Error::malformed("a version of the programme", error))?.into())
}
