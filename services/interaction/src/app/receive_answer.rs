//! Puts an answer on the timeline, without its score, and follows a low one up.

use kit::{Received, Result, Work};
use schema::{
    api::interaction::{CasePath, PurchasePath, TimelineEntry, TimelineKind},
    event::survey::AnswerReceived,
    ids::{CaseId, CustomerId, OrgUnitId, PurchaseId},
};

use super::follow_up;
use crate::{domain::timeline::step_id, storage};

pub(crate) async fn receive_answer(work: &mut Work, event: &Received<AnswerReceived>) -> Result<()> {
    let answer = &event.data;
    let customer = answer.customer_id;
    reference::customer::require(work, customer).await?;
    let follower = follow_up::follower(work, answer).await?;
    let unit = match follower.map(|(unit, _)| unit).or(answer.org_unit_id) {
        Some(unit) => unit,
        None => unit_of(work, customer, answer.case_id, answer.purchase_id).await?,
    };

    let revision = work.revise(customer, None).await?;
    let kind = TimelineKind::AnswerReceived;
    let entry = TimelineEntry {
        purchase_id: answer.purchase_id,
        case_id: answer.case_id,
        invitation_id: answer.invitation_id,
        answer_id: Some(answer.answer_id),
        ..TimelineEntry::new(step_id(event.id.uuid(), kind), kind, answer.occurred_at, unit)
    };
    super::extend(work, customer, revision, &entry).await?;
    match follower {
        Some(whose) => follow_up::follow_up(work, event, revision, whose).await,
        None => Ok(()),
    }
}

/// Where something came up that is about a case or a purchase, if these are known here; else the unit that the
/// customer belongs to.
pub(super) async fn unit_of(
    work: &Work,
    customer_id: CustomerId,
    case: Option<CaseId>,
    purchase: Option<PurchaseId>,
) -> Result<OrgUnitId> {
    if let Some(case_id) = case
        && let Some(case) = storage::case::find(work, CasePath { customer_id, case_id }).await?
    {
        return Ok(case.org_unit_id);
    }
    if let Some(purchase_id) = purchase
        && let Some(sold) = storage::purchase::find(work, PurchasePath { customer_id, purchase_id }).await?
    {
        return Ok(sold.org_unit_id);
    }
    storage::consent::home_unit(work, customer_id).await
}
