//! A service's database: SQLite embedded, or PostgreSQL.
//!
//! Writes and reads have their own pools. On SQLite the writer is one connection that begins
//! `IMMEDIATE`, so that writers queue instead of failing; readers are several. On PostgreSQL both are
//! the same pool. Nobody waits for a connection longer than 3 s, values are never logged, and a
//! transaction begins in a task of its own, because a cancelled `BEGIN` leaves it open.

mod migrate;
mod word;

use std::time::Duration;

pub use migrate::{is_current, migrate};
use schema::topology::Service;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};
use tracing::Instrument as _;
pub use word::{from_word, word};

use crate::config::Config;

/// The longest wait for a connection.
const POOL_WAIT: Duration = Duration::from_secs(3);
/// Reader connections to SQLite.
const SQLITE_READERS: u32 = 4;

/// The two pools of one database.
#[derive(Clone, Debug)]
pub struct Db {
    write: DatabaseConnection,
    read: DatabaseConnection,
}

/// The database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be reached or opened.
    #[error("the database cannot be opened")]
    Unreachable(#[from] DbErr),
    /// It may lose what was acknowledged.
    #[error(
        "PostgreSQL runs with {setting} = {value} and may lose acknowledged writes; turn it on, or set \
         C360_ALLOW_WEAK_DURABILITY=1 for a test"
    )]
    WeakDurability {
        /// The setting.
        setting: &'static str,
        /// What it is set to.
        value: String,
    },
    /// The directory cannot be made.
    #[error("the data directory cannot be made")]
    Directory(#[from] std::io::Error),
}

impl Db {
    /// Opens the database of a service.
    ///
    /// # Errors
    /// When it cannot be reached, or is less durable than asked.
    pub async fn open(config: &Config, service: Service) -> Result<Self, OpenError> {
        let url = config.database_url(service);
        if config.is_embedded() {
            std::fs::create_dir_all(&config.data)?;
            let write = Database::connect(sqlite_options(&url, 1)).await?;
            let read = Database::connect(sqlite_options(&url, SQLITE_READERS)).await?;
            return Ok(Self { write, read });
        }
        let pool = Database::connect(postgres_options(&url, config.database.max_connections)).await?;
        if !config.allow_weak_durability {
            refuse_weak_durability(&pool).await?;
        }
        Ok(Self { write: pool.clone(), read: pool })
    }

    /// The pool to read from.
    pub const fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Which of the two it is.
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Begins a transaction that will write, in a task of its own: whoever is cancelled while it begins would leave
    /// it open on a connection that goes back into the pool, and later writes of others would be lost in it
    /// (launchbadge/sqlx #4385).
    ///
    /// # Errors
    /// When no connection is free within 3 s or the database is away.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = match self.backend() {
            DbBackend::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            },
            _ => TransactionOptions::default(),
        };
        let pool = self.write.clone();
        let begun =
            tokio::spawn(async move { pool.begin_with_options(options).await }.in_current_span()).await;
        begun.unwrap_or_else(|error| {
            Err(DbErr::Custom(format!("beginning a transaction was given up: {error}")))
        })
    }

    /// Runs one statement of its own that writes, and tells how many rows it touched.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        Ok(self.write.execute_raw(statement).await?.rows_affected())
    }

    /// The pool to write single statements with.
    pub const fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Closes both pools.
    pub async fn close(self) {
        // An error here means that a connection was already gone.
        let _ = self.read.close().await;
        let _ = self.write.close().await;
    }
}

/// A statement whose text is the same on both databases, with `$1`, `$2`, … for its values.
pub fn statement(connection: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}

fn sqlite_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(POOL_WAIT)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("busy_timeout", "5000")
                .pragma("foreign_keys", "ON")
                .create_if_missing(true)
        });
    options
}

fn postgres_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(POOL_WAIT)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_postgres_opts(|options| {
            options.options([
                ("idle_in_transaction_session_timeout", "30s"),
                ("lock_timeout", "10s"),
                ("statement_timeout", "60s"),
            ])
        });
    options
}

async fn refuse_weak_durability(pool: &DatabaseConnection) -> Result<(), OpenError> {
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let row = pool.query_one_raw(statement(pool, &format!("SHOW {setting}"), vec![])).await?;
        let value: String = row.map_or(Ok(String::new()), |row| row.try_get_by_index(0))?;
        if value == "off" {
            return Err(OpenError::WeakDurability { setting, value });
        }
    }
    Ok(())
}
