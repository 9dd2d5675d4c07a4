//! A case was opened: the profile counts it.

use kit::{Received, Result, Work};
use schema::event::interaction::CaseOpened;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<CaseOpened>) -> Result<()> {
    app::keep_case::opened(work, &event).await
}
