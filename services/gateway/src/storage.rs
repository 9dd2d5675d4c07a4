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

/// `$1, $2, …` for values that stand at the end of `values`.
fn placeholders(values: &mut Vec<sea_orm::Value>, more: impl IntoIterator<Item = sea_orm::Value>) -> String {
    let mut list = String::new();
    for value in more {
        values.push(value);
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(&format!("${}", values.len()));
    }
    list
}

#[cfg(test)]
mod tests;
