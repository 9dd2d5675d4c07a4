//! Whole answers that were just given: the same question by somebody of the same roles about a customer whose
//! row has not changed is answered without being executed again.
//!
//! An answer stands for one row. It is given only while memory would give that very row, so whatever takes a
//! row out of memory (a change, a lost announcement, another organisation) takes its answers with it; and
//! only when the row lies in the scope of whoever asks now. Masks follow from the roles, which are part of
//! the question.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::sync::Cache;
use schema::access::{Role, Scope};

use super::Gateway;
use crate::domain::row::Row;

/// Room for answers, in bytes.
const ROOM: u64 = 64 * 1024 * 1024;
/// How long one is remembered at most; its row is remembered no longer.
const REMEMBERED: Duration = Duration::from_secs(10);

/// What the answer depends on besides the row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    /// The document.
    pub(crate) query: String,
    /// Which operation of it.
    pub(crate) operation_name: Option<String>,
    /// Its variables, as JSON.
    pub(crate) variables: String,
    /// The roles of whoever asks.
    pub(crate) roles: Vec<Role>,
}

/// The row that an answer showed, noted while it is made.
#[derive(Default)]
pub(crate) struct Shown(Mutex<Option<Arc<Row>>>);

/// The memory of answers.
pub(crate) struct Answers(Cache<Asked, (Arc<Row>, Arc<[u8]>)>);

impl Shown {
    /// Notes the row.
    pub(crate) fn note(&self, row: &Arc<Row>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(row));
    }

    /// The row, if one was shown.
    pub(crate) fn row(&self) -> Option<Arc<Row>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Answers {
    pub(crate) fn new() -> Self {
        let weigh = |asked: &Asked, (_, answer): &(Arc<Row>, Arc<[u8]>)| {
            let bytes = asked.query.len() + asked.variables.len() + answer.len() + 512;
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(ROOM).weigher(weigh).time_to_live(REMEMBERED).build())
    }

    /// Remembers an answer that showed this row.
    pub(crate) fn keep(&self, asked: Asked, row: Arc<Row>, answer: Arc<[u8]>) {
        self.0.insert(asked, (row, answer));
    }
}

/// The answer, if it was given before and still holds for somebody of this scope.
pub(crate) fn again(gateway: &Gateway, asked: &Asked, scope: &Scope) -> Option<Arc<[u8]>> {
    let memory = &gateway.memory;
    let now = memory.stamp(gateway.runtime.announcements.epoch()?);
    let (row, answer) = gateway.answers.0.get(asked)?;
    if !Arc::ptr_eq(&memory.row(now, row.customer_id)?, &row) {
        return None;
    }
    let top = match scope {
        Scope::Subtree(code) => memory.path(now, code)?,
        Scope::Nothing | Scope::Everything => None,
    };
    if !row.is_in(scope, top.as_deref()) {
        return None;
    }
    row.stale.iter().for_each(|section| gateway.hint(*section, row.customer_id));
    Some(answer)
}
