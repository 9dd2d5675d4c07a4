//! A customer changed: the reference follows.

use kit::{Received, Result, Work};
use schema::event::customer::CustomerState;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<CustomerState>) -> Result<()> {
    app::keep_customer::keep_customer(work, &event).await
}
