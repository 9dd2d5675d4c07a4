//! Opens the account of a customer who was registered.

use kit::{Received, Result, Work};
use schema::event::customer::CustomerState;

use super::keep_customer::keep_customer;
use crate::storage;

pub(crate) async fn open_account(work: &mut Work, event: &Received<CustomerState>) -> Result<()> {
    keep_customer(work, event).await?;
    storage::account::opened(work, event.data.customer_id, event.occurred_at).await
}
