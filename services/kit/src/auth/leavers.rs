//! Tokens outlive the people to whom they were given: whoever has left is refused although the token is valid.
//!
//! The service says who has left, out of its own database. What it said is remembered for a few seconds, so that
//! a person takes a statement now and then, not one for each request.

use std::time::Duration;

use futures::future::BoxFuture;
use moka::sync::Cache;
use schema::{
    access::Viewer,
    api::problem::{Code, Problem},
};

use crate::{db::Db, error::Result};

/// How long it is remembered: somebody who leaves is refused within this time.
const REMEMBERED: Duration = Duration::from_secs(5);
/// People remembered.
const CAPACITY: u64 = 20_000;

/// Whether the person with this staff code has left.
pub type HasLeft = for<'a> fn(&'a Db, &'a str) -> BoxFuture<'a, Result<bool>>;

/// Who has left, as far as it was asked lately.
pub(crate) struct Leavers {
    ask: Option<HasLeft>,
    known: Cache<String, bool>,
}

impl Leavers {
    pub(crate) fn new(ask: Option<HasLeft>) -> Self {
        let known = Cache::builder().max_capacity(CAPACITY).time_to_live(REMEMBERED).build();
        Self { ask, known }
    }

    /// Refuses whoever has left.
    pub(crate) async fn refuse(&self, db: &Db, viewer: &Viewer) -> Result<(), Problem> {
        let (Some(ask), Some(code)) = (self.ask, viewer.staff.as_deref()) else { return Ok(()) };
        let left = match self.known.get(code) {
            Some(left) => left,
            None => {
                let left = ask(db, code).await.map_err(crate::Error::into_problem)?;
                self.known.insert(code.to_owned(), left);
                left
            }
        };
        if left {
            let detail = "the token is refused: its person has left; whoever took over acts with their own";
            return Err(Problem::new(Code::Unauthenticated, detail));
        }
        Ok(())
    }
}
