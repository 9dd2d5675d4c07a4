//! What other systems call customers.

use std::collections::BTreeMap;

use kit::{Db, Result, Work, db::statement};
use schema::{
    access::Scope,
    api::customer::ExternalId,
    ids::{CustomerId, ExternalRefId},
};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

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
    let values: Vec<Value> = customers.iter().map(|id| Value::from(*id)).collect();
    let placeholders: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT customer_id, id, system, value FROM external_id WHERE customer_id IN ({}) ORDER BY system, value",
        placeholders.join(", ")
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
