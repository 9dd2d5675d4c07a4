//! Ends an invitation whose time ran out. Doing it again does nothing.

use kit::{Result, Work};
use schema::ids::{CustomerId, InvitationId};

use super::invite;
use crate::{
    domain::invitation::{Step, is_open},
    storage,
};

/// `true` when it ran out by this, `false` when it came to its end meanwhile.
pub(crate) async fn expire(work: &mut Work, customer: CustomerId, id: InvitationId) -> Result<bool> {
    let revision = work.revise(customer, None).await?;
    let Some(mut kept) = storage::invitation::find(work, customer, id).await? else { return Ok(false) };
    if !is_open(kept.shown.state) || kept.shown.expires_at > work.now() {
        return Ok(false);
    }
    invite::settle(work, revision, &mut kept, Step::Expire).await?;
    Ok(true)
}
