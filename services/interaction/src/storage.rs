//! Entities, statements and migrations of the interaction service.

pub(crate) mod dealings;
mod entity;
pub(crate) mod purchase;
pub(crate) mod purchase_return;
pub(crate) mod staff;
pub(crate) mod timeline;
pub(crate) mod turnover;

use kit::{Error, Result, migration::SqlMigration};
use schema::value::Currency;
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
    ]
}

/// The currency in a row.
fn currency(code: String) -> Result<Currency> {
    Currency::try_from(code).map_err(|error| Error::malformed("a currency in a row", error))
}
