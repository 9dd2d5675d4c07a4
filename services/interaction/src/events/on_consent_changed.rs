//! What a customer allows us changed: the copy is kept.

use kit::{Received, Result, Work};
use schema::event::customer::ConsentState;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<ConsentState>) -> Result<()> {
    app::keep_wishes::consent(work, &event).await
}
