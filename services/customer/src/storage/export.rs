//! Reads all customers in scope, page by page, and the units that an export is about.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kit::{Db, Result, db::statement};
use schema::{
    access::Scope,
    api::customer::CustomerFile,
    ids::{CustomerId, OrgUnitId},
};
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

use super::customer::files;

/// The unit with this code if it is in scope; without a code the topmost one that is.
pub(crate) async fn unit(db: &Db, code: Option<&str>, scope: &Scope) -> Result<Option<(OrgUnitId, String)>> {
    let top = match scope {
        Scope::Subtree(top) => Some(top.as_str()),
        Scope::Everything | Scope::Nothing => None,
    };
    let mut values: Vec<Value> = Vec::new();
    let condition = reference::scope::of_org_unit(scope, &mut values);
    let which = match code.or(top) {
        Some(code) => {
            values.push(code.into());
            format!("u.code = ${}", values.len())
        }
        None => "u.parent_id IS NULL".to_owned(),
    };
    let sql = format!("SELECT u.id, u.code FROM org_unit u WHERE {which} AND {condition}");
    match db.read().query_one_raw(statement(db.read(), &sql, values)).await? {
        Some(row) => Ok(Some((row.try_get::<Uuid>("", "id")?.into(), row.try_get("", "code")?))),
        None => Ok(None),
    }
}

/// The next customers in scope after one, by id, at most `limit`; those of a home unit and below, if one is given.
/// With them the one after whom there may be more. `today` decides stages and which relationships are valid.
pub(crate) async fn page(
    db: &Db,
    scope: &Scope,
    unit: Option<OrgUnitId>,
    after: Option<CustomerId>,
    limit: u32,
    today: NaiveDate,
) -> Result<(Vec<CustomerFile>, Option<CustomerId>)> {
    let mut values: Vec<Value> = Vec::new();
    let mut sql = format!(
        "SELECT c.id FROM customer c WHERE {}",
        reference::scope::of_customer(scope, "c.id", &mut values)
    );
    if let Some(unit) = unit {
        values.push(unit.uuid().into());
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM org_unit h, org_unit t WHERE h.id = c.home_unit_id AND t.id = ${} \
             AND h.path LIKE t.path || '%')",
            values.len()
        ));
    }
    if let Some(after) = after {
        values.push(after.uuid().into());
        sql.push_str(&format!(" AND c.id > ${}", values.len()));
    }
    values.push(i64::from(limit).into());
    sql.push_str(&format!(" ORDER BY c.id LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let ids: Result<Vec<CustomerId>, _> =
        rows.iter().map(|row| row.try_get_by_index::<Uuid>(0).map(CustomerId::from)).collect();
    let ids = ids?;
    let next = ids.last().filter(|_| ids.len() == limit as usize).copied();
    // In scope once more: who left it in between must not be read.
    Ok((files(db, &ids, scope, today).await?, next))
}

/// The codes of these customers' home units.
pub(crate) async fn unit_codes(db: &Db, files: &[CustomerFile]) -> Result<BTreeMap<OrgUnitId, String>> {
    if files.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut units: Vec<Uuid> = files.iter().map(|file| file.home_unit_id.uuid()).collect();
    units.sort_unstable();
    units.dedup();
    let places: Vec<String> = (1..=units.len()).map(|place| format!("${place}")).collect();
    let sql = format!("SELECT u.id, u.code FROM org_unit u WHERE u.id IN ({})", places.join(", "));
    let values = units.into_iter().map(Value::from).collect();
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get::<Uuid>("", "id")?.into(), row.try_get("", "code")?))).collect()
}
