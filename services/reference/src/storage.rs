//! Tables and statements of the copy.

pub mod customer;
pub mod newest;
pub mod org_unit;
pub mod scope;
pub mod staff;

use kit::migration::SqlMigration;
use sea_orm_migration::MigrationTrait;

/// The tables of the organisation; the service that owns it has them too.
pub fn organisation_migration() -> Box<dyn MigrationTrait> {
    Box::new(SqlMigration {
        name: "reference_0001_organisation",
        sql: include_str!("storage/migration/0001_organisation.sql"),
    })
}

/// The table of customer references.
pub fn customer_migration() -> Box<dyn MigrationTrait> {
    Box::new(SqlMigration {
        name: "reference_0002_customer",
        sql: include_str!("storage/migration/0002_customer.sql"),
    })
}
