//! Earns points for a purchase.

use kit::{Received, Result, Work};
use schema::event::{PointsEarned, interaction::PurchaseRecorded};

use super::Cause;
use crate::{
    domain::{ledger::Movement, programme::Programme},
    storage,
};

/// The purchase is remembered even when it earns nothing: returns that came before it wait for it.
pub(crate) async fn earn(work: &mut Work, event: &Received<PurchaseRecorded>) -> Result<()> {
    let purchase = &event.data;
    reference::customer::require(work, purchase.customer_id).await?;

    let programme = Programme::STANDARD;
    storage::purchase::remember(work, purchase, programme).await?;
    storage::dealing::bought(work, purchase).await?;
    if let Some(movement) = Movement::earn(programme.points(purchase.total_minor)) {
        let cause = Cause {
            event: event.id,
            customer: purchase.customer_id,
            purchase: purchase.purchase_id,
            occurred_at: purchase.occurred_at,
        };
        super::enter::<PointsEarned>(work, cause, movement).await?;
    }
    super::keep_purchase::keep_purchase(work, purchase.customer_id, &purchase.currency, purchase.occurred_at)
        .await?;
    work.arrived(purchase.purchase_id);
    Ok(())
}
