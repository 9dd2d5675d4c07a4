//! A customer and we were in contact: the profile counts it.

use kit::{Received, Result, Work};
use schema::event::interaction::ContactRecorded;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<ContactRecorded>) -> Result<()> {
    app::keep_contact::keep_contact(work, &event).await
}
