//! Customers changed: their references follow.

use kit::{Received, Result, Unknown, Work};
use schema::event::customer::CustomerState;

use crate::app;

pub(super) async fn react(work: &mut Work, events: Vec<Received<CustomerState>>) -> Result<Unknown> {
    app::keep_customer::keep_customers(work, &events).await
}
