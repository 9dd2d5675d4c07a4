//! Keeps on the case what became of the customer: the score before and after it, and whether they recovered.
//! Of several measurements the last one counts, in whatever order they come; the timeline has each.

use kit::{Error, Received, Result, Work};
use schema::{
    api::interaction::{CasePath, TimelineEntry, TimelineKind},
    event::survey::RecoveryMeasured,
};

use crate::{domain::timeline::step_id, storage};

pub(crate) async fn measure_recovery(work: &mut Work, event: &Received<RecoveryMeasured>) -> Result<()> {
    let measured = &event.data;
    let (customer_id, case_id) = (measured.customer_id, measured.case_id);
    let case = storage::case::find(work, CasePath { customer_id, case_id }).await?;
    let case = case.ok_or_else(|| Error::NotKnownYet(case_id.into()))?;
    let revision = work.revise(customer_id, None).await?;
    storage::case::measured(work, measured).await?;
    let kind = TimelineKind::RecoveryMeasured;
    let entry = TimelineEntry {
        case_id: Some(case_id),
        answer_id: Some(measured.second_answer_id),
        ..TimelineEntry::new(step_id(event.id.uuid(), kind), kind, measured.occurred_at, case.org_unit_id)
    };
    super::extend(work, customer_id, revision, &entry).await
}
