//! A contact was recorded: one before a sale makes a prospect, and whether the customer answered says on which
//! channels they can be reached.

use kit::{Received, Result, Work};
use schema::event::interaction::ContactRecorded;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<ContactRecorded>) -> Result<()> {
    app::advance_stage::contacted(work, event.data.customer_id, event.data.phase).await?;
    app::count_contact::count_contact(work, &event).await
}
