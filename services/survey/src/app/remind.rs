//! Proposes a reminder of an invitation that was sent and waits for its answer. It asks for leave anew: a reminder
//! presses the customer as much as an invitation does.

use kit::{Result, Work};
use schema::{
    api::survey::InvitationState,
    ids::{CustomerId, InvitationId},
};

use super::invite;
use crate::storage;

/// `true` when a reminder is proposed by this, `false` when there is no need any more.
pub(crate) async fn remind(work: &mut Work, customer: CustomerId, id: InvitationId) -> Result<bool> {
    let revision = work.revise(customer, None).await?;
    let Some(mut kept) = storage::invitation::find(work, customer, id).await? else { return Ok(false) };
    let now = work.now();
    if kept.remind_at.is_none_or(|at| at > now) {
        return Ok(false);
    }
    kept.remind_at = None;
    let waits = matches!(kept.shown.state, InvitationState::Sent | InvitationState::Started);
    let due = waits && kept.shown.expires_at > now && kept.shown.reminders < kept.reminders_most;
    if due {
        kept.shown.reminders += 1;
    }
    kept.shown.revision = revision;
    storage::invitation::keep(work, &kept).await?;
    if due {
        invite::reach(work, &kept).await?;
    }
    Ok(due)
}
