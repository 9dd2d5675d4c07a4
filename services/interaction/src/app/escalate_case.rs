//! Sees to the due time of a case that is near or past. Doing it again does nothing.
//!
//! Of a case whose due time is past already, only the breach is told: a warning would come too late.

use kit::{Result, Work};
use schema::{
    api::interaction::{Case, CasePath, CaseState, Escalation, TimelineKind},
    event::{
        CaseBreached,
        interaction::{self as told, Breach},
    },
};

use crate::storage;

/// `true` when the case was escalated by this, `false` when there is nothing to do any more.
pub(crate) async fn escalate_case(work: &mut Work, path: CasePath, breach: Breach) -> Result<bool> {
    let revision = work.revise(path.customer_id, None).await?;
    let Some(mut case) = storage::case::find(work, path).await? else { return Ok(false) };
    case.revision = revision;
    let is_open = matches!(case.state, CaseState::Open | CaseState::Offered);
    let is_time = match breach {
        Breach::Warning => {
            case.escalation.is_none() && case.warn_at.is_some_and(|warn_at| warn_at <= work.now())
        }
        Breach::Breach => case.escalation != Some(Escalation::Breached) && case.due_at < work.now(),
    };
    if !is_open || !is_time {
        return Ok(false);
    }
    escalate(work, &mut case, breach).await?;
    Ok(true)
}

/// Records it, charges a breach to whoever answers for the case, and tells the others while they can still do
/// something about it.
pub(super) async fn escalate(work: &mut Work, case: &mut Case, breach: Breach) -> Result<()> {
    let (kind, at, escalation, action) = match breach {
        Breach::Warning => {
            let at = case.warn_at.unwrap_or(case.due_at);
            (TimelineKind::CaseWarned, at, Escalation::Warned, "case.warn")
        }
        Breach::Breach => (TimelineKind::CaseBreached, case.due_at, Escalation::Breached, "case.breach"),
    };
    case.escalation = Some(escalation);
    storage::case_clock::seen_to(work, case, breach).await?;
    if breach == Breach::Breach {
        storage::breach::charge_case(work, case).await?;
    }
    super::put_by_system(work, case, (work.new_id(), kind), at).await?;
    work.audit(action, case.customer_id, Some(&format!("{}: {}", case.id, case.accountable_id))).await?;
    if !super::is_current(work, case.due_at) {
        return Ok(());
    }
    let data = told::CaseBreached {
        case_id: case.id,
        customer_id: case.customer_id,
        org_unit_id: case.org_unit_id,
        topic: case.topic.clone(),
        severity: case.severity,
        accountable_id: case.accountable_id,
        handler_id: case.handler_id,
        breach,
        due_at: case.due_at,
    };
    work.tell::<CaseBreached>(case.customer_id, case.revision, at, &data)?;
    Ok(())
}
