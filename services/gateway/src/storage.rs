//! Statements and migrations of the view and of ingestion.

pub(crate) mod contact;
pub(crate) mod ingestion;
pub(crate) mod person;
pub(crate) mod section;
pub(crate) mod stale;
pub(crate) mod view;

use kit::migration::SqlMigration;
use sea_orm_migration::MigrationTrait;

/// All migrations of the gateway, in order.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        reference::storage::organisation_migration(),
        Box::new(SqlMigration {
            name: "gateway_0001_view",
            sql: include_str!("storage/migration/0001_view.sql"),
        }),
        Box::new(SqlMigration {
            name: "gateway_0002_ingestion",
            sql: include_str!("storage/migration/0002_ingestion.sql"),
        }),
    ]
}

#[cfg(test)]
mod tests;
