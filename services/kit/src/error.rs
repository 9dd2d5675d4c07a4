//! What a command, reaction or read can fail with, and what a client gets to read of it.
//!
//! A [`Problem`] is meant for the client. A database error is not: it is logged once, with its cause,
//! at the boundary that turns it into a problem, and the client reads only that we failed.

use schema::api::{
    page::BadCursor,
    problem::{Code, Problem},
};
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use uuid::Uuid;

/// The result of whatever runs in a service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client can read it and act on it.
    #[error(transparent)]
    Problem(Box<Problem>),
    /// The subject was not announced to this service yet; a command waits for it, an event is parked.
    #[error("subject {0} is not known here yet")]
    NotKnownYet(Uuid),
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] DbErr),
    /// A row or message does not have the form that it must have.
    #[error("{what} does not have its form")]
    Malformed {
        /// What it is.
        what: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another service could not be asked.
    #[error(transparent)]
    Call(#[from] crate::client::CallError),
    /// Something of ours broke that should not be able to.
    #[error("{0}")]
    Fault(String),
}

impl Error {
    /// A row or message that does not have its form.
    pub fn malformed(
        what: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Malformed { what, source: source.into() }
    }

    /// Whether the database itself is out of reach, so that trying again later can help.
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Database(error) if is_outage(error))
    }

    /// Whether another transaction was in the way, so that trying again at once can help: a serialisation failure or a
    /// deadlock on PostgreSQL, a busy database on SQLite.
    pub fn lost_against_another(&self) -> bool {
        let Self::Database(
            DbErr::Exec(RuntimeErr::SqlxError(source)) | DbErr::Query(RuntimeErr::SqlxError(source)),
        ) = self
        else {
            return false;
        };
        source
            .as_database_error()
            .and_then(|error| error.code())
            .is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01" | "5" | "517"))
    }

    /// What the client reads. Logs what the client must not read; call it once, at the boundary.
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Problem(problem) => *problem,
            Self::NotKnownYet(_) => Problem::not_known_yet(),
            Self::Call(error) => error.into_problem(),
            Self::Database(error) if is_outage(&error) => {
                tracing::error!(error = %Chain(&error), "database unavailable");
                Problem::new(Code::Unavailable, "the database does not answer; try again").retry_after(2)
            }
            error => {
                tracing::error!(error = %Chain(&error), "request failed");
                Problem::new(Code::Internal, "the failure was recorded under this request's trace id")
            }
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<BadCursor> for Error {
    fn from(error: BadCursor) -> Self {
        Problem::new(Code::InvalidCursor, error.to_string()).into()
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Problem::new(
                Code::AlreadyExists,
                "something with the same unique code or key exists; read it, or choose another",
            )
            .into(),
            Some(SqlErr::ForeignKeyConstraintViolation(_) | _) | None => Self::Database(error),
        }
    }
}

fn is_outage(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(source) | DbErr::Exec(source) | DbErr::Query(source) => match source {
            RuntimeErr::SqlxError(source) => match source.as_ref() {
                sea_orm::sqlx::Error::Io(_)
                | sea_orm::sqlx::Error::PoolTimedOut
                | sea_orm::sqlx::Error::PoolClosed
                | sea_orm::sqlx::Error::WorkerCrashed
                | sea_orm::sqlx::Error::Protocol(_) => true,
                // 57P0x: shutting down, crashed, starting up; 53xxx: out of connections, memory or disk.
                sea_orm::sqlx::Error::Database(error) => {
                    error.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("53"))
                }
                _ => false,
            },
            RuntimeErr::Internal(_) => false,
        },
        _ => false,
    }
}

/// An error with all its causes on one line.
pub struct Chain<'a>(pub &'a (dyn std::error::Error + Send + Sync + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source: Option<&(dyn std::error::Error + 'static)> = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}
