//! A case was opened again: the profile follows.

use kit::{Received, Result, Work};
use schema::event::interaction::CaseMoved;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<CaseMoved>) -> Result<()> {
    app::keep_case::moved(work, &event).await
}
