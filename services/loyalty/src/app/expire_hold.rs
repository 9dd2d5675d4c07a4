//! Lets the points of a hold go whose time has come. Doing it again does nothing.

use kit::{Result, Work};
use schema::ids::{CustomerId, PointsEntryId};

use crate::storage;

/// `true` when the hold expired by this, `false` when it was settled meanwhile.
pub(crate) async fn expire_hold(work: &mut Work, customer: CustomerId, id: PointsEntryId) -> Result<bool> {
    let revision = work.revise(customer, None).await?;
    let Some((hold, mut shown)) = storage::hold::find(work, customer, id).await? else { return Ok(false) };
    let Ok(became) = hold.expire(work.now()) else { return Ok(false) };
    let at = shown.expires_at;
    super::release(work, customer, revision, became, &mut shown, at).await?;
    work.audit("points.hold.expire", customer, Some(&shown.reason))?;
    Ok(true)
}
