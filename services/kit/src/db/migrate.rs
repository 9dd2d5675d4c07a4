//! Expand/contract migrations. `serve all` migrates itself; a single service refuses a schema that is
//! behind, because a rollout migrates by a job beforehand.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationTrait, MigratorTraitSelf};

use super::Db;

/// The migrations of one service: the kit's, then its own.
struct Migrator(fn() -> Vec<Box<dyn MigrationTrait>>);

impl MigratorTraitSelf for Migrator {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        let mut all = crate::migration::migrations();
        all.extend((self.0)());
        all
    }
}

/// Applies what is missing.
///
/// # Errors
/// When the database refuses a step; those before it stay applied.
pub async fn migrate(db: &Db, own: fn() -> Vec<Box<dyn MigrationTrait>>) -> Result<(), DbErr> {
    Migrator(own).up(db.write(), None).await
}

/// Whether nothing is missing.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_current(db: &Db, own: fn() -> Vec<Box<dyn MigrationTrait>>) -> Result<bool, DbErr> {
    Ok(Migrator(own).get_pending_migrations(db.write()).await?.is_empty())
}
