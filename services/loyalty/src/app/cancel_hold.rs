//! Lets the points of an open hold go.

use kit::{Input, Result, Work};
use schema::api::loyalty::{CancelHold, PointsHold};

pub(crate) async fn cancel_hold(work: &mut Work, input: Input<CancelHold>) -> Result<PointsHold> {
    let (customer, now) = (input.path.customer_id, work.now());
    reference::customer::require(work, customer).await?;
    let revision = work.revise(customer, input.if_match).await?;
    let (hold, mut shown) = super::hold_to_settle(work, customer, input.path.hold_id).await?;
    let became = hold.cancel(now).map_err(super::refused)?;
    super::release(work, customer, revision, became, &mut shown, now).await?;
    work.audit("points.hold.cancel", customer, Some(&shown.reason))?;
    Ok(shown)
}
