//! Some or all of a purchase was returned: what it earned is taken back.

use kit::{Received, Result, Work};
use schema::event::interaction::PurchaseReturned;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<PurchaseReturned>) -> Result<()> {
    app::reverse::reverse(work, &event).await
}
