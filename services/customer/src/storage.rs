//! Entities, statements and migrations of the customer service.

pub(crate) mod attribute;
pub(crate) mod channel_usage;
pub(crate) mod conduct;
pub(crate) mod consent;
pub(crate) mod contact_point;
pub(crate) mod contact_preference;
pub(crate) mod container;
pub(crate) mod customer;
mod entity;
pub(crate) mod export;
pub(crate) mod external_id;
pub(crate) mod household;
mod list;
pub(crate) mod observation;
pub(crate) mod org_unit;
pub(crate) mod outlet;
pub(crate) mod person;
mod profile;
pub(crate) mod profile_weight;
pub(crate) mod registration;
pub(crate) mod relationship;
pub(crate) mod search;
pub(crate) mod service_brief;
pub(crate) mod staff;
pub(crate) mod stage;

use kit::migration::SqlMigration;
use sea_orm_migration::MigrationTrait;

/// All migrations of the service, in order.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        reference::storage::organisation_migration(),
        Box::new(SqlMigration {
            name: "customer_0001_file",
            sql: include_str!("storage/migration/0001_file.sql"),
        }),
        Box::new(SqlMigration {
            name: "customer_0002_profile",
            sql: include_str!("storage/migration/0002_profile.sql"),
        }),
        Box::new(SqlMigration {
            name: "customer_0003_consent",
            sql: include_str!("storage/migration/0003_consent.sql"),
        }),
        Box::new(SqlMigration {
            name: "customer_0004_filing",
            sql: include_str!("storage/migration/0004_filing.sql"),
        }),
        Box::new(SqlMigration {
            name: "customer_0005_lapse",
            sql: include_str!("storage/migration/0005_lapse.sql"),
        }),
    ]
}
