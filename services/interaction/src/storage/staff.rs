//! Staff as others own them.

use std::collections::{BTreeMap, BTreeSet};

use kit::{
    Db, Result, Work,
    db::{statement, word},
    rows::among,
};
use schema::{
    api::customer::StaffStatus,
    ids::{CustomerId, OrgUnitId, StaffId},
};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

/// Of these people, those who are known here, and whether each works for us.
pub(crate) async fn known(
    work: &Work,
    people: impl IntoIterator<Item = StaffId>,
) -> Result<BTreeMap<StaffId, bool>> {
    let people: BTreeSet<StaffId> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut values: Vec<Value> = vec![word(&StaffStatus::Active)?.into()];
    let asked = among(work.backend(), "id", people.into_iter().map(StaffId::uuid), &mut values);
    let sql = format!("SELECT id, CASE WHEN status = $1 THEN 1 ELSE 0 END FROM staff WHERE {asked}");
    let rows = work.query_all(&sql, values).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index::<Uuid>(0)?.into(), row.try_get_by_index::<i32>(1)? == 1)))
        .collect()
}

/// Whether the person is known here and works for us.
pub(crate) async fn is_active(work: &Work, person: StaffId) -> Result<bool> {
    Ok(known(work, [person]).await?.get(&person).copied().unwrap_or_default())
}

/// Whoever a token names by this code, within a command.
pub(crate) async fn named(work: &Work, code: Option<&str>) -> Result<Option<StaffId>> {
    by_code(work.tx(), code).await
}

/// Whoever a token names by this code.
pub(crate) async fn named_in(db: &Db, code: Option<&str>) -> Result<Option<StaffId>> {
    by_code(db.read(), code).await
}

async fn by_code(connection: &impl ConnectionTrait, code: Option<&str>) -> Result<Option<StaffId>> {
    let Some(code) = code else { return Ok(None) };
    let values: Vec<Value> = vec![code.into(), word(&StaffStatus::Active)?.into()];
    let sql = "SELECT id FROM staff WHERE code = $1 AND status = $2";
    let row = connection.query_one_raw(statement(connection, sql, values)).await?;
    Ok(row.map(|row| row.try_get_by_index::<Uuid>(0)).transpose()?.map(StaffId::from))
}

/// How many successors are followed, one after the other; more are a mistake.
const SUCCESSORS: usize = 16;

/// Keeps who took over from somebody who left, if it is newer than what is held.
pub(crate) async fn keep_successor(work: &Work, left: StaffId, to: StaffId, revision: i64) -> Result<()> {
    work.execute(
        "INSERT INTO staff_successor (staff_id, successor_id, revision) VALUES ($1, $2, $3) \
         ON CONFLICT (staff_id) DO UPDATE SET successor_id = excluded.successor_id, \
         revision = excluded.revision WHERE staff_successor.revision < excluded.revision",
        vec![left.uuid().into(), to.uuid().into(), revision.into()],
    )
    .await?;
    Ok(())
}

/// Who stands in for somebody: themselves, or whoever took over when they left, and from those in turn.
pub(crate) async fn stand_in(work: &Work, staff: StaffId) -> Result<StaffId> {
    let mut current = staff;
    for _ in 0..SUCCESSORS {
        if is_active(work, current).await? {
            break;
        }
        let sql = "SELECT successor_id FROM staff_successor WHERE staff_id = $1";
        let Some(row) = work.query_one(sql, vec![current.uuid().into()]).await? else { break };
        current = row.try_get_by_index::<Uuid>(0)?.into();
    }
    Ok(current)
}

/// Whether the person works for a unit that sees the customer: one that serves them, or one above it.
pub(crate) async fn reaches(work: &Work, person: StaffId, customer: CustomerId) -> Result<bool> {
    let sql = "SELECT 1 FROM staff s JOIN org_unit own ON own.id = s.org_unit_id WHERE s.id = $1 \
               AND EXISTS (SELECT 1 FROM customer_unit served JOIN org_unit u ON u.id = served.org_unit_id \
               WHERE served.customer_id = $2 AND u.path LIKE own.path || '%')";
    let values = vec![person.uuid().into(), customer.uuid().into()];
    Ok(work.query_one(sql, values).await?.is_some())
}

/// Who takes what comes up in a unit and is nobody's: somebody who works there, else in the nearest unit
/// above it, else anybody; of these whoever answers for the fewest open cases, then the first by code.
/// None as long as nobody who works for us is known.
pub(crate) async fn on_duty(work: &Work, unit: OrgUnitId) -> Result<Option<StaffId>> {
    let sql = "SELECT s.id FROM staff s LEFT JOIN org_unit own ON own.id = s.org_unit_id \
               LEFT JOIN org_unit u ON u.id = $1 WHERE s.status = $2 \
               ORDER BY CASE WHEN u.path LIKE own.path || '%' THEN LENGTH(own.path) ELSE 0 END DESC, \
               (SELECT COUNT(*) FROM service_case c WHERE c.accountable_id = s.id \
               AND c.state IN ('open', 'offered')), s.code LIMIT 1";
    let values = vec![unit.uuid().into(), word(&StaffStatus::Active)?.into()];
    let row = work.query_one(sql, values).await?;
    Ok(row.map(|row| row.try_get_by_index::<Uuid>(0)).transpose()?.map(StaffId::from))
}
