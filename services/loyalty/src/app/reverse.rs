//! Takes back what a purchase earned for that which was returned.

use kit::{Error, Received, Result, Work};
use schema::event::{PointsReversed, interaction::PurchaseReturned};

use super::Cause;
use crate::{domain::ledger::Movement, storage};

/// At the rate at which the purchase earned, whatever the programme is by now.
pub(crate) async fn reverse(work: &mut Work, event: &Received<PurchaseReturned>) -> Result<()> {
    let returned = &event.data;
    let (customer, purchase) = (returned.customer_id, returned.purchase_id);
    let Some(earned) = storage::purchase::find(work, customer, purchase).await? else {
        return Err(Error::NotKnownYet(purchase.into()));
    };
    storage::dealing::returned(work, returned).await?;

    let points =
        earned.programme.reversal(earned.total, returned.returned_before_minor, returned.total_minor);
    if let Some(movement) = Movement::reverse(points) {
        let cause = Cause { event: event.id, customer, purchase, occurred_at: returned.occurred_at };
        super::enter::<PointsReversed>(work, cause, movement).await?;
    }
    super::keep_purchase::keep_purchase(work, customer, &returned.currency, returned.occurred_at).await
}
