//! The tables that every service has: outbox, inbox, parked and failed events, revisions, idempotency,
//! leases, positions on the local bus, and the audit.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

/// The kit's own migrations, before those of the service.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(SqlMigration {
            name: "kit_0001_backbone",
            sql: include_str!("migration/0001_backbone.sql"),
        }),
        Box::new(SqlMigration {
            name: "kit_0002_published",
            sql: include_str!("migration/0002_published.sql"),
        }),
    ]
}

/// A migration written as SQL that both databases understand, apart from the names of some types.
///
/// In the text, `{uuid}`, `{time}`, `{json}`, `{serial}` and `{c}` (the collation in which text compares
/// by its bytes) stand for what the database calls them. Statements end with `;` at the end of a line.
pub struct SqlMigration {
    /// Unique over the service, in order.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

impl MigrationName for SqlMigration {
    fn name(&self) -> &str {
        self.name
    }
}

impl SqlMigration {
    fn statements(&self, backend: DbBackend) -> Vec<String> {
        let names = match backend {
            DbBackend::Sqlite => [
                ("{uuid}", "BLOB"),
                ("{time}", "TEXT"),
                ("{json}", "TEXT"),
                ("{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT"),
                ("{c}", ""),
            ],
            _ => [
                ("{uuid}", "uuid"),
                ("{time}", "timestamptz"),
                ("{json}", "text"),
                ("{serial}", "bigserial PRIMARY KEY"),
                ("{c}", "COLLATE \"C\""),
            ],
        };
        let text = names.iter().fold(self.sql.to_owned(), |text, (from, to)| text.replace(from, to));
        let text: String = text.lines().filter(|line| !line.trim_start().starts_with("--")).fold(
            String::new(),
            |mut all, line| {
                all.push_str(line);
                all.push('\n');
                all
            },
        );
        text.split(";\n").map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for SqlMigration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for statement in self.statements(connection.get_database_backend()) {
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}
