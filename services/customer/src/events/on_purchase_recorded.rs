//! A purchase makes a buyer.

use kit::{Received, Result, Work};
use schema::event::interaction::PurchaseRecorded;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<PurchaseRecorded>) -> Result<()> {
    app::advance_stage::bought(work, event.data.customer_id, event.data.occurred_at).await
}
