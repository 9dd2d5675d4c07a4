//! Customers were registered: their accounts are open since then.

use kit::{Received, Result, Unknown, Work};
use schema::event::customer::CustomerState;

use crate::app;

pub(super) async fn react(work: &mut Work, events: Vec<Received<CustomerState>>) -> Result<Unknown> {
    app::open_account::open_accounts(work, &events).await
}
