//! A contact was recorded: whether the customer answered says on which channels they can be reached.

use kit::{Received, Result, Work};
use schema::event::interaction::ContactRecorded;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<ContactRecorded>) -> Result<()> {
    app::count_contact::count_contact(work, &event).await
}
