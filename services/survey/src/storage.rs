//! Entities, statements and migrations of the survey service.

pub(crate) mod answer;
mod entity;
pub(crate) mod voice;

use kit::migration::SqlMigration;
use sea_orm_migration::MigrationTrait;

/// All migrations of the service, in order.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        reference::storage::organisation_migration(),
        reference::storage::customer_migration(),
        Box::new(SqlMigration {
            name: "survey_0001_answer",
            sql: include_str!("storage/migration/0001_answer.sql"),
        }),
    ]
}
