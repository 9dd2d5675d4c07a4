//! Cases were opened: their customers' profiles count them.

use kit::{Received, Result, Unknown, Work};
use schema::event::interaction::CaseOpened;

use crate::app;

pub(super) async fn react(work: &mut Work, events: Vec<Received<CaseOpened>>) -> Result<Unknown> {
    app::keep_case::opened(work, events).await
}
