//! Entities, statements and migrations of the loyalty service.

pub(crate) mod account;
pub(crate) mod balance;
pub(crate) mod base;
pub(crate) mod dealing;
mod entity;
pub(crate) mod fact;
pub(crate) mod hold;
pub(crate) mod ledger;
pub(crate) mod lot;
pub(crate) mod person;
pub(crate) mod profile;
pub(crate) mod programme;
pub(crate) mod purchase;
pub(crate) mod rfm;
pub(crate) mod segment;
pub(crate) mod supply;
pub(crate) mod tier_step;

use std::collections::BTreeMap;

use kit::{Result, Work, migration::SqlMigration, rows::among};
use schema::ids::CustomerId;
use sea_orm::QueryResult;
use sea_orm_migration::MigrationTrait;
use uuid::Uuid;

/// All migrations of the service, in order.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        reference::storage::organisation_migration(),
        reference::storage::customer_migration(),
        Box::new(SqlMigration {
            name: "loyalty_0001_ledger",
            sql: include_str!("storage/migration/0001_ledger.sql"),
        }),
        Box::new(SqlMigration {
            name: "loyalty_0002_hold_and_dealing",
            sql: include_str!("storage/migration/0002_hold_and_dealing.sql"),
        }),
        Box::new(SqlMigration {
            name: "loyalty_0003_programme",
            sql: include_str!("storage/migration/0003_programme.sql"),
        }),
        Box::new(SqlMigration {
            name: "loyalty_0004_profile_segment",
            sql: include_str!("storage/migration/0004_profile_segment.sql"),
        }),
    ]
}

/// What a statement gives of each of these customers: `sql` ends with `WHERE`, its rows begin with `customer_id`, and
/// `read` makes of one what it stands for.
async fn of_each<T>(
    work: &Work,
    customers: &[CustomerId],
    sql: &str,
    read: impl Fn(&QueryResult) -> Result<T>,
) -> Result<BTreeMap<CustomerId, Vec<T>>> {
    let mut found: BTreeMap<CustomerId, Vec<T>> = BTreeMap::new();
    if customers.is_empty() {
        return Ok(found);
    }
    let mut values = Vec::new();
    let condition = among(work.backend(), "customer_id", customers.iter().map(|id| id.uuid()), &mut values);
    for row in work.query_all(&format!("{sql} {condition}"), values).await? {
        let customer: Uuid = row.try_get("", "customer_id")?;
        found.entry(customer.into()).or_default().push(read(&row)?);
    }
    Ok(found)
}
