//! Keeps what was decided about reaching a customer. Of the invitation itself it decides whether it is sent; of a
//! reminder only whether the reminder is.

use kit::{Error, Result, Work};
use schema::{
    api::{customer::ConsentPurpose, survey::InvitationState},
    event::interaction::{OutreachGranted, OutreachHeld},
    ids::{CustomerId, OutreachId},
};

use super::invite;
use crate::{
    domain::invitation::{self, Step},
    storage::{
        self,
        outreach::{self, Outreach},
    },
};

/// The customer may be reached.
pub(crate) async fn grant(work: &mut Work, granted: &OutreachGranted) -> Result<()> {
    let customer = granted.customer_id;
    let Some(one) = ours(work, granted.purpose, customer, granted.outreach_id).await? else { return Ok(()) };
    let revision = work.revise(customer, None).await?;
    outreach::grant(work, customer, one.id, granted.channel, granted.not_before).await?;
    let mut kept = invite::of_outreach(work, customer, one).await?;
    // One that ran out meanwhile stays where it is.
    if one.reminder == 0 && kept.shown.state == InvitationState::Proposed {
        kept.shown.state = invitation::after(kept.shown.state, Step::Grant).map_err(super::refused)?;
        kept.shown.revision = revision;
        storage::invitation::keep(work, &kept).await?;
    }
    Ok(())
}

/// The customer may not be reached.
pub(crate) async fn hold(work: &mut Work, held: &OutreachHeld) -> Result<()> {
    let customer = held.customer_id;
    let Some(one) = ours(work, held.purpose, customer, held.outreach_id).await? else { return Ok(()) };
    let revision = work.revise(customer, None).await?;
    outreach::hold(work, customer, one.id).await?;
    let mut kept = invite::of_outreach(work, customer, one).await?;
    if one.reminder == 0 && kept.shown.state == InvitationState::Proposed {
        kept.shown.held_because = Some(held.because);
        invite::settle(work, revision, &mut kept, Step::Hold).await?;
    }
    Ok(())
}

/// The proposal, when it is one of this service's purpose; it waits for a proposal that has not been made yet.
async fn ours(
    work: &Work,
    purpose: ConsentPurpose,
    customer: CustomerId,
    id: OutreachId,
) -> Result<Option<Outreach>> {
    if purpose != ConsentPurpose::Survey {
        return Ok(None);
    }
    match outreach::find(work, customer, id).await? {
        Some(one) => Ok(Some(one)),
        None => Err(Error::NotKnownYet(id.into())),
    }
}
