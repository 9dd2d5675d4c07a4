//! A purchase was recorded: it earns.

use kit::{Received, Result, Work};
use schema::event::interaction::PurchaseRecorded;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<PurchaseRecorded>) -> Result<()> {
    app::earn::earn(work, &event).await
}
