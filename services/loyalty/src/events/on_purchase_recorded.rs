//! Purchases were recorded: they earn.

use kit::{Received, Result, Unknown, Work};
use schema::event::interaction::PurchaseRecorded;

use crate::app;

pub(super) async fn react(work: &mut Work, events: Vec<Received<PurchaseRecorded>>) -> Result<Unknown> {
    app::earn::earn(work, events).await
}
