//! A contact before a sale makes a prospect.

use kit::{Received, Result, Work};
use schema::event::interaction::ContactRecorded;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<ContactRecorded>) -> Result<()> {
    app::advance_stage::contacted(work, event.data.customer_id, event.data.phase).await
}
