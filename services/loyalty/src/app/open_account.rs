//! Opens the accounts of customers who were registered.

use kit::{Received, Result, Unknown, Work};
use schema::event::customer::CustomerState;

use super::keep_customer::{keep_customers, since};
use crate::storage;

pub(crate) async fn open_accounts(work: &mut Work, events: &[Received<CustomerState>]) -> Result<Unknown> {
    let unknown = keep_customers(work, events).await?;
    storage::account::opened(work, &since(events)).await?;
    Ok(unknown)
}
