//! Cases were resolved: the profiles follow.

use kit::{Received, Result, Unknown, Work};
use schema::event::interaction::CaseMoved;

use crate::app;

pub(super) async fn react(work: &mut Work, events: Vec<Received<CaseMoved>>) -> Result<Unknown> {
    app::keep_case::moved(work, events).await
}
