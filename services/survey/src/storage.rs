//! Entities, statements and migrations of the survey service.

pub(crate) mod answer;
mod entity;
pub(crate) mod gap;
pub(crate) mod invitation;
pub(crate) mod occasion;
pub(crate) mod outreach;
pub(crate) mod person;
pub(crate) mod questionnaire;
pub(crate) mod questionnaire_answer;
pub(crate) mod recovery;
pub(crate) mod result;
pub(crate) mod rule;
pub(crate) mod selection;
pub(crate) mod voice;
pub(crate) mod wave;

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
        Box::new(SqlMigration {
            name: "survey_0002_questionnaire",
            sql: include_str!("storage/migration/0002_questionnaire.sql"),
        }),
        Box::new(SqlMigration {
            name: "survey_0003_invitation",
            sql: include_str!("storage/migration/0003_invitation.sql"),
        }),
    ]
}
