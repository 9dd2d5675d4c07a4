//! Purchases were returned, in whole or in part: what they earned is taken back.

use kit::{Received, Result, Unknown, Work};
use schema::event::interaction::PurchaseReturned;

use crate::app;

pub(super) async fn react(work: &mut Work, events: Vec<Received<PurchaseReturned>>) -> Result<Unknown> {
    app::reverse::reverse(work, events).await
}
