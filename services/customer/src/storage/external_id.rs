//! What other systems call customers.

use std::collections::{BTreeMap, BTreeSet};

use kit::{Db, Result, Work, db::statement, rows::among};
use schema::{
    access::Scope,
    api::customer::ExternalId,
    ids::{CustomerId, ExternalRefId},
};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use uuid::Uuid;

use super::registration::ExternalKey;

/// How many a customer has.
pub(crate) async fn count(work: &Work, customer: CustomerId) -> Result<i64> {
    let values = vec![customer.uuid().into()];
    let row = work.query_one("SELECT COUNT(*) FROM external_id WHERE customer_id = $1", values).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// Adds one; `false` when it is a customer's already, whoever's.
pub(crate) async fn add(work: &Work, customer: CustomerId, system: &str, value: &str) -> Result<bool> {
    let added = work
        .execute(
            "INSERT INTO external_id (customer_id, id, system, value) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (system, value) DO NOTHING",
            vec![
                customer.uuid().into(),
                work.new_id::<ExternalRefId>().uuid().into(),
                system.into(),
                value.into(),
            ],
        )
        .await?;
    Ok(added.rows_affected() == 1)
}

/// Of these, those that are a customer's already, whoever's.
pub(crate) async fn taken(work: &Work, keys: &BTreeSet<ExternalKey>) -> Result<BTreeSet<ExternalKey>> {
    if keys.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut values: Vec<Value> = Vec::new();
    let asked = keys_asked(work.backend(), keys.iter(), &mut values);
    let sql = format!(
        "SELECT x.system, x.value FROM {asked} JOIN external_id x \
                       ON x.system = keys.system AND x.value = keys.value"
    );
    let rows = work.query_all(&sql, values).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The customers in scope whom systems know by these keys, by key.
pub(crate) async fn resolve(
    db: &Db,
    keys: &BTreeSet<ExternalKey>,
    scope: &Scope,
) -> Result<BTreeMap<ExternalKey, CustomerId>> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut values: Vec<Value> = Vec::new();
    let asked = keys_asked(db.backend(), keys.iter(), &mut values);
    let condition = reference::scope::of_customer(scope, "x.customer_id", &mut values);
    let sql = format!(
        "SELECT x.system, x.value, x.customer_id FROM {asked} JOIN external_id x \
                       ON x.system = keys.system AND x.value = keys.value AND {condition}"
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    rows.iter()
        .map(|row| {
            let key = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            Ok((key, row.try_get_by_index::<Uuid>(2)?.into()))
        })
        .collect()
}

/// Keys as rows `keys (system, value)` to join with: arrays on PostgreSQL, a list on SQLite. The values are
/// appended to `values`.
fn keys_asked<'k>(
    backend: DbBackend,
    keys: impl Iterator<Item = &'k ExternalKey>,
    values: &mut Vec<Value>,
) -> String {
    if backend == DbBackend::Sqlite {
        let mut places = Vec::new();
        for (system, value) in keys {
            values.extend([system.as_str().into(), value.as_str().into()]);
            places.push(format!("(${}, ${})", values.len() - 1, values.len()));
        }
        let rows = places.join(", ");
        return format!("(SELECT column1 AS system, column2 AS value FROM (VALUES {rows})) keys");
    }
    let (systems, called): (Vec<String>, Vec<String>) = keys.cloned().unzip();
    values.extend([systems.into(), called.into()]);
    format!("UNNEST(${}::text[], ${}::text[]) AS keys (system, value)", values.len() - 1, values.len())
}

/// Removes one; `false` when the customer has none with this id.
pub(crate) async fn remove(work: &Work, customer: CustomerId, id: ExternalRefId) -> Result<bool> {
    let values = vec![customer.uuid().into(), id.uuid().into()];
    let removed = work.execute("DELETE FROM external_id WHERE customer_id = $1 AND id = $2", values).await?;
    Ok(removed.rows_affected() == 1)
}

/// The customer in scope whom a system knows by this id.
pub(crate) async fn find(db: &Db, system: &str, value: &str, scope: &Scope) -> Result<Option<CustomerId>> {
    let mut values: Vec<Value> = vec![system.into(), value.into()];
    let condition = reference::scope::of_customer(scope, "x.customer_id", &mut values);
    let sql = format!(
        "SELECT x.customer_id FROM external_id x WHERE x.system = $1 AND x.value = $2 AND {condition}"
    );
    let row = db.read().query_one_raw(statement(db.read(), &sql, values)).await?;
    Ok(row.map(|row| row.try_get_by_index::<Uuid>(0)).transpose()?.map(CustomerId::from))
}

/// Those of these customers, by system and value.
pub(super) async fn all(
    connection: &impl ConnectionTrait,
    customers: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<ExternalId>>> {
    let mut values = Vec::new();
    let listed =
        among(connection.get_database_backend(), "customer_id", customers.iter().copied(), &mut values);
    let sql = format!(
        "SELECT customer_id, id, system, value FROM external_id WHERE {listed} ORDER BY system, value"
    );
    let mut found: BTreeMap<Uuid, Vec<ExternalId>> = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        found.entry(row.try_get("", "customer_id")?).or_default().push(ExternalId {
            id: row.try_get::<Uuid>("", "id")?.into(),
            system: row.try_get("", "system")?,
            value: Some(row.try_get("", "value")?),
        });
    }
    Ok(found)
}
