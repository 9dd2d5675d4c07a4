//! Entities, statements and migrations of the interaction service.

pub(crate) mod authority;
pub(crate) mod breach;
pub(crate) mod calendar;
pub(crate) mod case;
pub(crate) mod case_clock;
pub(crate) mod consent;
pub(crate) mod contact;
pub(crate) mod dealings;
pub(crate) mod desk;
mod entity;
pub(crate) mod gesture;
mod hand_over;
pub(crate) mod outreach;
pub(crate) mod outreach_notice;
pub(crate) mod owed;
pub(crate) mod person;
pub(crate) mod plan;
pub(crate) mod purchase;
pub(crate) mod purchase_return;
pub(crate) mod replenishment;
pub(crate) mod service_level;
pub(crate) mod staff;
pub(crate) mod standard;
pub(crate) mod task;
pub(crate) mod timeline;
pub(crate) mod turnover;

use kit::{Db, Error, Result, db::statement, migration::SqlMigration, rows::among};
use schema::{ids::CustomerId, value::Currency};
use sea_orm::{ConnectionTrait, Value};
use sea_orm_migration::MigrationTrait;

/// All migrations of the service, in order.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        reference::storage::organisation_migration(),
        reference::storage::customer_migration(),
        Box::new(SqlMigration {
            name: "interaction_0001_dealings",
            sql: include_str!("storage/migration/0001_dealings.sql"),
        }),
        Box::new(SqlMigration {
            name: "interaction_0002_contact_case",
            sql: include_str!("storage/migration/0002_contact_case.sql"),
        }),
        Box::new(SqlMigration {
            name: "interaction_0003_working_time",
            sql: include_str!("storage/migration/0003_working_time.sql"),
        }),
        Box::new(SqlMigration {
            name: "interaction_0004_recovery",
            sql: include_str!("storage/migration/0004_recovery.sql"),
        }),
        Box::new(SqlMigration {
            name: "interaction_0005_steps",
            sql: include_str!("storage/migration/0005_steps.sql"),
        }),
        Box::new(SqlMigration {
            name: "interaction_0006_notice",
            sql: include_str!("storage/migration/0006_notice.sql"),
        }),
    ]
}

/// The currency in a row.
fn currency(code: String) -> Result<Currency> {
    Currency::try_from(code).map_err(|error| Error::malformed("a currency in a row", error))
}

/// The condition that `column` holds one of these customers, and its values.
fn of_customers(
    connection: &impl ConnectionTrait,
    column: &str,
    customers: &[CustomerId],
) -> (String, Vec<Value>) {
    let mut values = Vec::new();
    let ids = customers.iter().map(|id| id.uuid());
    (among(connection.get_database_backend(), column, ids, &mut values), values)
}

/// The revision of one customer; 0 when nothing happened yet.
async fn revision(db: &Db, customer: CustomerId) -> Result<i64> {
    let values = vec![customer.uuid().into()];
    let asked = statement(db.read(), "SELECT revision FROM revision WHERE subject_id = $1", values);
    let row = db.read().query_one_raw(asked).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}
