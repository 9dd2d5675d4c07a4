//! The unit of work: one transaction, what it changes and what it tells.
//!
//! A command and a reaction both get a `&mut Work`. State, revision, outbox rows and audit are written
//! in its transaction; after the commit the relay and whoever waited for a subject are woken. There is no
//! network call inside it. Events get ids derived from their cause, so that doing it again tells the same.

mod batch;
mod cause;
mod closing;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use schema::{
    access::{Scope, Viewer},
    api::problem::{Code, Problem},
    event::{Envelope, Event},
    ids::EventId,
    topology::Service,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, ExecResult, QueryResult, Value};
use serde_json::value::to_raw_value;
use uuid::Uuid;

pub use self::cause::Cause;
use self::{cause::Ordinals, closing::Closing};
use crate::{
    clock::new_id,
    db::statement,
    error::{Error, Result},
    outbox,
};

/// One transaction in progress.
pub struct Work {
    tx: DatabaseTransaction,
    service: Service,
    now: DateTime<Utc>,
    cause: Cause,
    ordinals: Ordinals,
    viewer: Option<Viewer>,
    told: Vec<Envelope>,
    arrived: Vec<Uuid>,
    announced: Vec<String>,
    revision: Option<i64>,
    savepoint: (usize, usize, usize, usize),
    closing: Closing,
    may_wait: bool,
}

impl Work {
    pub(crate) fn new(
        tx: DatabaseTransaction,
        service: Service,
        now: DateTime<Utc>,
        cause: Uuid,
        viewer: Option<Viewer>,
    ) -> Self {
        Self {
            tx,
            service,
            now,
            cause: Cause::command(cause),
            ordinals: Ordinals::default(),
            viewer,
            told: Vec::new(),
            arrived: Vec::new(),
            announced: Vec::new(),
            revision: None,
            savepoint: (0, 0, 0, 0),
            closing: Closing::default(),
            may_wait: false,
        }
    }

    /// The transaction, for the storage room.
    pub const fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// The time of this unit of work (system time), the same from its begin to its end.
    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// A new id.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        new_id(self.now).into()
    }

    /// Which customers whoever commands this reaches. A reaction acts for the system and reaches all.
    pub fn scope(&self) -> Scope {
        self.viewer.as_ref().map_or(Scope::Everything, Viewer::scope)
    }

    /// Whoever commands this; nobody in a reaction.
    pub const fn viewer(&self) -> Option<&Viewer> {
        self.viewer.as_ref()
    }

    /// Runs a statement with `$1`, `$2`, … for its values.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<ExecResult> {
        Ok(self.tx.execute_raw(statement(&self.tx, sql, values)).await?)
    }

    /// Runs a statement that gives at most one row.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn query_one(&self, sql: &str, values: Vec<Value>) -> Result<Option<QueryResult>> {
        Ok(self.tx.query_one_raw(statement(&self.tx, sql, values)).await?)
    }

    /// Runs a statement that gives rows. Bound it: a list without a limit does not belong here.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn query_all(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>> {
        Ok(self.tx.query_all_raw(statement(&self.tx, sql, values)).await?)
    }

    /// Raises the subject's revision, and so keeps other writers of it away until the commit.
    ///
    /// The first revision is 1. `expected` is the revision that the caller read (`If-Match`).
    ///
    /// # Errors
    /// `stale-revision` when the subject is at another revision than expected.
    pub async fn revise(&mut self, subject: impl Into<Uuid>, expected: Option<i64>) -> Result<i64> {
        let row = self
            .query_one(
                "INSERT INTO revision (subject_id, revision) VALUES ($1, 1) \
                 ON CONFLICT (subject_id) DO UPDATE SET revision = revision.revision + 1 RETURNING revision",
                vec![subject.into().into()],
            )
            .await?;
        let revision: i64 = match row {
            Some(row) => row.try_get_by_index(0)?,
            None => return Err(Error::Fault("raising a revision gave no row".into())),
        };
        match expected {
            Some(expected) if expected != revision - 1 => Err(Problem::new(
                Code::StaleRevision,
                format!("you read revision {expected}, it is at {}; read it again", revision - 1),
            )
            .into()),
            _ => {
                self.revision = Some(revision);
                Ok(revision)
            }
        }
    }

    /// Tells a fact; it leaves with the commit.
    ///
    /// `subject` is the aggregate (the customer whenever there is one), `revision` its revision in this
    /// service, `occurred_at` the business time.
    ///
    /// # Errors
    /// When the data cannot be written as JSON.
    pub fn tell<E: Event>(
        &mut self,
        subject: impl Into<Uuid>,
        revision: i64,
        occurred_at: DateTime<Utc>,
        data: &E::Data,
    ) -> Result<EventId> {
        let kind = E::DECLARATION.name;
        let id = self.ordinals.next(&self.cause, kind);
        self.told.push(Envelope {
            specversion: "1.0".to_owned(),
            id,
            source: format!("/{}", self.service),
            kind: kind.to_owned(),
            subject: subject.into(),
            time: occurred_at,
            recordedat: self.now,
            revision,
            traceparent: self.cause.traceparent(),
            datacontenttype: "application/json".to_owned(),
            data: to_raw_value(data).map_err(|error| Error::malformed("event data", error))?,
        });
        Ok(id)
    }

    /// Keeps every other transaction of this name away until the commit. SQLite has a single writer and
    /// needs nothing.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn exclusive(&self, name: &str) -> Result<()> {
        self.lock(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())).await
    }

    pub(crate) async fn lock(&self, subject: Uuid) -> Result<()> {
        self.lock_each(&[subject]).await
    }

    /// Locks these subjects, in the order in which they are given.
    pub(crate) async fn lock_each(&self, subjects: &[Uuid]) -> Result<()> {
        if self.tx.get_database_backend() == DbBackend::Sqlite {
            return Ok(());
        }
        let key = |subject: &Uuid| {
            let (high, low) = subject.as_u64_pair();
            i64::from_ne_bytes((high ^ low).to_ne_bytes())
        };
        let keys: Vec<i64> = subjects.iter().map(key).collect();
        let sql = "SELECT pg_advisory_xact_lock(key) FROM UNNEST($1::bigint[]) AS subjects (key)";
        self.execute(sql, vec![keys.into()]).await?;
        Ok(())
    }

    /// Says that a subject is known here from now on: what was parked for it is applied in this
    /// transaction, and commands that wait for it are woken after the commit.
    pub fn arrived(&mut self, subject: impl Into<Uuid>) {
        self.arrived.push(subject.into());
    }

    /// Tells every replica of this service after the commit, transiently; see [`crate::announce`].
    pub fn announce(&mut self, said: impl Into<String>) {
        self.announced.push(said.into());
    }

    /// Writes into the audit what was done, to what, and why.
    ///
    /// # Errors
    /// When the database refuses it.
    pub fn audit(&self, action: &str, subject: impl Into<Uuid>, detail: Option<&str>) -> Result<()> {
        crate::audit::write(self, action, subject.into(), detail)
    }

    /// Marks where [`Self::roll_back_to_savepoint`] goes back to. What is told later is then untold.
    pub(crate) async fn savepoint(&mut self) -> Result<()> {
        self.savepoint = (self.told.len(), self.arrived.len(), self.announced.len(), self.closing.len());
        self.tx.execute_unprepared("SAVEPOINT one_event").await?;
        Ok(())
    }

    pub(crate) async fn release_savepoint(&self) -> Result<()> {
        self.tx.execute_unprepared("RELEASE SAVEPOINT one_event").await?;
        Ok(())
    }

    pub(crate) async fn roll_back_to_savepoint(&mut self) -> Result<()> {
        self.tx.execute_unprepared("ROLLBACK TO SAVEPOINT one_event").await?;
        self.tx.execute_unprepared("RELEASE SAVEPOINT one_event").await?;
        self.told.truncate(self.savepoint.0);
        self.arrived.truncate(self.savepoint.1);
        self.announced.truncate(self.savepoint.2);
        self.closing.truncate(self.savepoint.3);
        Ok(())
    }

    pub(crate) fn take_arrived(&mut self) -> Vec<Uuid> {
        std::mem::take(&mut self.arrived)
    }

    /// What is to be announced, each once, in the order in which it was said first.
    pub(crate) fn take_announced(&mut self) -> Vec<String> {
        let mut announced = std::mem::take(&mut self.announced);
        let mut said = HashSet::new();
        announced.retain(|one| said.insert(one.clone()));
        announced
    }

    /// What is told now is told because of this.
    pub fn cause(&self) -> Cause {
        self.cause.clone()
    }

    /// From here on, what is told is told because of `cause`.
    pub fn because(&mut self, cause: &Cause) {
        self.cause = cause.clone();
    }

    /// From here on `cause` tells, as if it had told nothing yet.
    fn begin_cause(&mut self, cause: Uuid) {
        self.ordinals.forget(cause);
        self.cause = Cause::command(cause);
    }

    /// No event of what is applied next has told anything yet. A reaction says because of which it tells.
    pub(crate) fn begin_events(&mut self) {
        self.ordinals.clear();
        self.cause = Cause::command(Uuid::nil());
    }

    pub(crate) const fn service(&self) -> Service {
        self.service
    }

    /// The last revision raised.
    pub const fn revision(&self) -> Option<i64> {
        self.revision
    }

    /// Writes what was left to the commit, the outbox with it, and commits.
    pub(crate) async fn commit(self) -> Result<bool> {
        let told = !self.told.is_empty();
        self.insert_with_commit(outbox::rows(&self.told)?, "")?;
        self.closing.write(&self.tx).await?;
        self.tx.commit().await?;
        Ok(told)
    }

    pub(crate) async fn roll_back(self) {
        if let Err(error) = self.tx.rollback().await {
            tracing::warn!(%error, "rolling back failed; the connection is dropped");
        }
    }
}
