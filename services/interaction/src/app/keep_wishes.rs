//! Keeps what the customer service told of a customer's wishes and household; what is older is skipped.

use kit::{Received, Result, Work};
use schema::event::customer::{ConsentState, HouseholdState};

use crate::storage;

pub(crate) async fn consent(work: &Work, event: &Received<ConsentState>) -> Result<()> {
    storage::consent::keep(work, &event.data, event.revision).await
}

pub(crate) async fn household(work: &Work, event: &Received<HouseholdState>) -> Result<()> {
    storage::consent::keep_household(work, &event.data, event.revision).await
}
