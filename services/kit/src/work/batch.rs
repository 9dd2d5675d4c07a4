//! What a unit of work does for many subjects at once, each with one statement.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Value};
use uuid::Uuid;

use super::Work;
use crate::{
    audit,
    error::{Error, Result},
    rows::{Rows, among, pairs},
};

impl Work {
    /// Which of the two databases it is, for statements with two forms.
    pub fn backend(&self) -> DbBackend {
        self.tx.get_database_backend()
    }

    /// Inserts rows in their order; `then` follows them, for example `ON CONFLICT …`.
    ///
    /// # Errors
    /// When the database refuses one of them.
    pub async fn insert<const N: usize>(&self, rows: Rows<N>, then: &str) -> Result<()> {
        for statement in rows.statements(self.backend(), then)? {
            self.tx.execute_raw(statement).await?;
        }
        Ok(())
    }

    /// Inserts rows in their order, and gives what `then` returns.
    ///
    /// # Errors
    /// When the database refuses one of them.
    pub async fn insert_returning<const N: usize>(
        &self,
        rows: Rows<N>,
        then: &str,
    ) -> Result<Vec<QueryResult>> {
        let mut found = Vec::new();
        for statement in rows.statements(self.backend(), then)? {
            found.extend(self.tx.query_all_raw(statement).await?);
        }
        Ok(found)
    }

    /// Inserts rows at the very end, together with others in one statement where the database takes that: for what
    /// nobody reads before the commit. `then` follows them, for example `ON CONFLICT …`.
    ///
    /// # Errors
    /// When a column holds values of two types. What the database refuses fails the commit.
    pub fn insert_with_commit<const N: usize>(&self, rows: Rows<N>, then: &str) -> Result<()> {
        self.closing.add(self.backend(), rows, then)
    }

    /// Keeps other writers of these subjects away until the commit, in an order that is the same for all,
    /// and gives the revision of each: 0 when it has none. End with [`Self::raise`].
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn hold(&self, subjects: &BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, i64>> {
        let mut rows = Rows::into("revision", ["subject_id", "revision"]);
        for subject in subjects {
            rows.push([(*subject).into(), 0_i64.into()]);
        }
        let then = "ON CONFLICT (subject_id) DO UPDATE SET revision = revision.revision \
                    RETURNING subject_id, revision";
        let mut held = BTreeMap::new();
        for row in self.insert_returning(rows, then).await? {
            held.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        }
        Ok(held)
    }

    /// Raises the revisions of these subjects by one, and so keeps other writers of them away until the commit. They
    /// are taken in an order that is the same for all, so that two batches do not wait for each other.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn revise_each(&self, subjects: &BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, i64>> {
        let mut rows = Rows::into("revision", ["subject_id", "revision"]);
        for subject in subjects {
            rows.push([(*subject).into(), 1_i64.into()]);
        }
        let then = "ON CONFLICT (subject_id) DO UPDATE SET revision = revision.revision + 1 \
                    RETURNING subject_id, revision";
        let raised = self.insert_returning(rows, then).await?;
        raised.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
    }

    /// Runs a statement over rows: `sql` gets the name by which it speaks of them, columns and all, and puts it where a
    /// table may stand. Gives how many rows it touched.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn execute_over<const N: usize>(
        &self,
        rows: Rows<N>,
        sql: impl Fn(&str) -> String,
    ) -> Result<u64> {
        let mut touched = 0;
        for statement in rows.over(self.backend(), sql)? {
            touched += self.tx.execute_raw(statement).await?.rows_affected();
        }
        Ok(touched)
    }

    /// As [`Self::execute_over`], for a statement that gives rows.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn query_over<const N: usize>(
        &self,
        rows: Rows<N>,
        sql: impl Fn(&str) -> String,
    ) -> Result<Vec<QueryResult>> {
        let mut found = Vec::new();
        for statement in rows.over(self.backend(), sql)? {
            found.extend(self.tx.query_all_raw(statement).await?);
        }
        Ok(found)
    }

    /// Raises the revisions of subjects that were held from `held` to `raised`. One that had none and got
    /// none is forgotten again.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn raise(&self, held: &BTreeMap<Uuid, i64>, raised: &BTreeMap<Uuid, i64>) -> Result<()> {
        let mut rows = Rows::into("revision", ["subject_id", "revision"]);
        for (subject, revision) in raised.iter().filter(|(subject, to)| held.get(subject) != Some(to)) {
            rows.push([(*subject).into(), (*revision).into()]);
        }
        self.insert(rows, "ON CONFLICT (subject_id) DO UPDATE SET revision = excluded.revision").await?;
        let none: Vec<Uuid> = held
            .iter()
            .filter(|(subject, before)| **before == 0 && raised.get(subject).is_none_or(|now| *now == 0))
            .map(|(subject, _)| *subject)
            .collect();
        self.forget_unraised(none).await
    }

    /// Forgets subjects that were held, had no revision and got none.
    pub(crate) async fn forget_unraised(&self, subjects: Vec<Uuid>) -> Result<()> {
        if subjects.is_empty() {
            return Ok(());
        }
        let mut values: Vec<Value> = Vec::new();
        let condition = among(self.backend(), "subject_id", subjects, &mut values);
        self.execute(&format!("DELETE FROM revision WHERE revision = 0 AND {condition}"), values).await?;
        Ok(())
    }

    /// Of these pairs of owner and id, the ids that `table` holds; `owner` is the column of the first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn existing(
        &self,
        table: &str,
        owner: &str,
        keys: impl IntoIterator<Item = (Uuid, Uuid)>,
    ) -> Result<BTreeSet<Uuid>> {
        let mut keys = keys.into_iter().peekable();
        if keys.peek().is_none() {
            return Ok(BTreeSet::new());
        }
        let mut values = Vec::new();
        let keys = pairs(self.backend(), keys, &mut values);
        let sql =
            format!("SELECT t.id FROM {keys} JOIN {table} t ON t.{owner} = keys.owner AND t.id = keys.id");
        let rows = self.query_all(&sql, values).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }

    /// Writes into the audit that `action` was done, once for each of these subjects.
    ///
    /// # Errors
    /// When the database refuses it.
    pub fn audit_each(
        &self,
        action: &str,
        done: impl IntoIterator<Item = (Uuid, Option<String>)>,
    ) -> Result<()> {
        audit::write_each(self, action, done)
    }

    /// From here on, what is told follows from this item of a batch: its events get the same ids however often
    /// it is sent, and whatever else is in the batch.
    pub fn begin_item(&mut self, item: Uuid) {
        self.begin_cause(item);
    }

    /// Fails as long as there is time to wait for subjects that are not known yet; none of `subjects` are.
    ///
    /// # Errors
    /// `NotKnownYet` while the batch may be tried again.
    pub fn wait_for_any(&self, unknown: &[Uuid]) -> Result<()> {
        match unknown.last() {
            // Of several the last one tends to come last.
            Some(subject) if self.may_wait => Err(Error::NotKnownYet(*subject)),
            _ => Ok(()),
        }
    }

    pub(crate) const fn set_may_wait(&mut self, may_wait: bool) {
        self.may_wait = may_wait;
    }
}
