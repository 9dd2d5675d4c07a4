//! Keeps what purchases and returns make of customers' supplies and profiles. They are kept as dealings, and the
//! accounts are up to date by then.

use kit::{Result, Work};

use super::{concerned::Concerned, look_at_supplies::look_at_supplies, membership};
use crate::storage::{self, supply::Delivery};

pub(super) async fn keep_dealings(
    work: &mut Work,
    concerned: &mut Concerned,
    deliveries: &[Delivery<'_>],
) -> Result<()> {
    storage::supply::delivered(work, deliveries).await?;
    let said = storage::supply::among(work, deliveries).await?;
    look_at_supplies(work, &said).await?;
    storage::profile::recount_purchases(work, &concerned.ids()).await?;
    membership::follow(work, concerned).await
}
