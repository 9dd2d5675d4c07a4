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

use kit::migration::SqlMigration;
use sea_orm_migration::MigrationTrait;

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
