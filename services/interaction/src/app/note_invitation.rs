//! Puts on the timeline that a customer is invited to answer.

use kit::{Received, Result, Work};
use schema::{
    api::interaction::{TimelineEntry, TimelineKind},
    event::survey::InvitationMoved,
};

use super::receive_answer::unit_of;
use crate::domain::timeline::step_id;

pub(crate) async fn note_invitation(work: &mut Work, event: &Received<InvitationMoved>) -> Result<()> {
    let invited = &event.data;
    let customer = invited.customer_id;
    reference::customer::require(work, customer).await?;
    let unit = unit_of(work, customer, invited.case_id, invited.purchase_id).await?;
    let revision = work.revise(customer, None).await?;
    let kind = TimelineKind::InvitationCreated;
    let entry = TimelineEntry {
        purchase_id: invited.purchase_id,
        case_id: invited.case_id,
        invitation_id: Some(invited.invitation_id),
        ..TimelineEntry::new(step_id(event.id.uuid(), kind), kind, invited.occurred_at, unit)
    };
    super::extend(work, customer, revision, &entry).await
}
