//! What a customer allows us changed: the profile follows.

use kit::{Received, Result, Work};
use schema::event::customer::ConsentState;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<ConsentState>) -> Result<()> {
    app::keep_consents::keep_consents(work, &event).await
}
