//! Puts on the timeline that a customer answered a questionnaire.

use kit::{Received, Result, Work};
use schema::{
    api::interaction::{TimelineEntry, TimelineKind},
    event::survey::QuestionnaireAnswered,
};

use crate::{domain::timeline::step_id, storage};

pub(crate) async fn note_questionnaire(
    work: &mut Work,
    event: &Received<QuestionnaireAnswered>,
) -> Result<()> {
    let answered = &event.data;
    let customer = answered.customer_id;
    reference::customer::require(work, customer).await?;
    let unit = match answered.org_unit_id {
        Some(unit) => unit,
        None => storage::consent::home_unit(work, customer).await?,
    };
    let revision = work.revise(customer, None).await?;
    let kind = TimelineKind::QuestionnaireAnswered;
    let entry = TimelineEntry {
        invitation_id: answered.invitation_id,
        answer_id: Some(answered.answer_id),
        ..TimelineEntry::new(step_id(event.id.uuid(), kind), kind, answered.occurred_at, unit)
    };
    super::extend(work, customer, revision, &entry).await
}
