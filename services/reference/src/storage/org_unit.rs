//! The organisation: a tree of units, and the path of each.

use std::collections::BTreeSet;

use kit::{
    Db, Result, Work,
    db::{statement, word},
    rows::among,
};
use schema::{
    access::{Scope, Viewer},
    api::problem::Problem,
    event::customer::OrgUnitState,
    ids::OrgUnitId,
};
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

use super::scope;

/// Depth of the tree; deeper is a mistake, and the bound ends a loop that events out of order could make.
pub const DEPTH_MAX: i32 = 16;

/// Keeps the state if it is newer than what is held, and derives the paths from it downward.
/// `true` when it was newer.
///
/// # Errors
/// When the database refuses it.
pub async fn keep(work: &Work, state: &OrgUnitState, revision: i64) -> Result<bool> {
    // Paths hang together: two units must not be kept at the same time.
    work.exclusive("org_unit").await?;
    let newer = work
        .execute(
            "INSERT INTO org_unit (id, code, kind, parent_id, status, revision) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (id) DO UPDATE SET code = excluded.code, kind = excluded.kind, \
             parent_id = excluded.parent_id, status = excluded.status, revision = excluded.revision \
             WHERE org_unit.revision < excluded.revision",
            vec![
                state.org_unit_id.uuid().into(),
                state.code.as_str().into(),
                word(&state.kind)?.into(),
                state.parent_id.map(OrgUnitId::uuid).into(),
                word(&state.status)?.into(),
                revision.into(),
            ],
        )
        .await?
        .rows_affected()
        == 1;
    if newer {
        derive_paths(work, state.org_unit_id).await?;
    }
    Ok(newer)
}

/// Derives the path of a unit and of all below it.
async fn derive_paths(work: &Work, top: OrgUnitId) -> Result<()> {
    work.execute(
        "WITH RECURSIVE below (id, path, depth) AS ( \
             SELECT u.id, CASE WHEN u.parent_id IS NULL THEN '/' ELSE p.path END || u.code || '/', 0 \
             FROM org_unit u LEFT JOIN org_unit p ON p.id = u.parent_id WHERE u.id = $1 \
             UNION ALL \
             SELECT u.id, b.path || u.code || '/', b.depth + 1 \
             FROM org_unit u JOIN below b ON u.parent_id = b.id WHERE b.depth < $2 \
         ) \
         UPDATE org_unit SET path = below.path FROM below WHERE org_unit.id = below.id",
        vec![top.uuid().into(), DEPTH_MAX.into()],
    )
    .await?;
    Ok(())
}

/// Whether the unit is known and in scope.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_in_scope(work: &Work, unit: OrgUnitId, reach: &Scope) -> Result<bool> {
    Ok(in_scope(work, [unit], reach).await?.contains(&unit))
}

/// What is answered for a unit that is unknown or out of the caller's reach; which of the two is not said.
pub const OUT_OF_REACH: &str = "no unit with this id is within your scope";

/// The part of the organisation that whoever gives the command may name.
pub fn reach(work: &Work) -> Scope {
    work.viewer().map_or(Scope::Everything, Viewer::organisation)
}

/// Refuses a unit that the caller may not name; `pointer` is its place in the request.
///
/// # Errors
/// The refusal, or that the database cannot be asked.
pub async fn require(work: &Work, unit: OrgUnitId, pointer: &str) -> Result<()> {
    if is_in_scope(work, unit, &reach(work)).await? { Ok(()) } else { Err(out_of_reach(pointer).into()) }
}

/// The refusal of a unit that the caller may not name.
pub fn out_of_reach(pointer: &str) -> Problem {
    Problem::field(pointer, OUT_OF_REACH)
}

/// Of these units, those that are known and in scope.
///
/// # Errors
/// When the database cannot be asked.
pub async fn in_scope(
    work: &Work,
    units: impl IntoIterator<Item = OrgUnitId>,
    reach: &Scope,
) -> Result<BTreeSet<OrgUnitId>> {
    let units: BTreeSet<OrgUnitId> = units.into_iter().collect();
    if units.is_empty() {
        return Ok(units);
    }
    let mut values: Vec<Value> = Vec::new();
    let asked = among(work.backend(), "u.id", units.into_iter().map(OrgUnitId::uuid), &mut values);
    let condition = scope::of_org_unit(reach, &mut values);
    let rows =
        work.query_all(&format!("SELECT u.id FROM org_unit u WHERE {asked} AND {condition}"), values).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
}

/// The path of the unit with this code; none while it, or one above it, is unknown.
///
/// # Errors
/// When the database cannot be asked.
pub async fn path_of_code(db: &Db, code: &str) -> Result<Option<String>> {
    let row = db
        .read()
        .query_one_raw(statement(db.read(), "SELECT path FROM org_unit WHERE code = $1", vec![code.into()]))
        .await?;
    Ok(row.map_or(Ok(None), |row| row.try_get_by_index(0))?)
}
