//! A customer was registered: the account is open since then.

use kit::{Received, Result, Work};
use schema::event::customer::CustomerState;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<CustomerState>) -> Result<()> {
    app::open_account::open_account(work, &event).await
}
