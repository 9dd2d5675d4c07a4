//! Sees to a time of a case that is near or past: the first response, or the resolution. Doing it again does
//! nothing.
//!
//! Of a time that is past already, only the breach is told: a warning would come too late.

use chrono::{DateTime, Utc};
use kit::{Result, Work};
use schema::{
    api::interaction::{Case, CasePath, CaseState, Escalation, TimelineKind},
    event::{
        CaseBreached, CaseResponseBreached,
        interaction::{self as told, Breach},
    },
};

use crate::{domain::standard::Clock, storage};

/// `true` when the case was escalated by this, `false` when there is nothing to do any more.
pub(crate) async fn escalate_case(
    work: &mut Work,
    path: CasePath,
    (clock, breach): (Clock, Breach),
) -> Result<bool> {
    let revision = work.revise(path.customer_id, None).await?;
    let Some(mut case) = storage::case::find(work, path).await? else { return Ok(false) };
    case.revision = revision;
    let is_open = matches!(case.state, CaseState::Open | CaseState::Offered);
    let now = work.now();
    let is_time = running(&case, clock).is_some_and(|(due, warn_at, seen)| match breach {
        Breach::Warning => seen.is_none() && warn_at.is_some_and(|warn_at| warn_at <= now),
        Breach::Breach => seen != Some(Escalation::Breached) && due < now,
    });
    if !is_open || !is_time {
        return Ok(false);
    }
    escalate(work, &mut case, clock, breach).await?;
    Ok(true)
}

/// When a time of a case is over, when there is a warning, and what was seen to.
type Running = (DateTime<Utc>, Option<DateTime<Utc>>, Option<Escalation>);

/// A time of a case; none when there is none, or when it was stopped.
fn running(case: &Case, clock: Clock) -> Option<Running> {
    match clock {
        Clock::Resolution => Some((case.due_at, case.warn_at, case.escalation)),
        Clock::Response if case.responded_at.is_some() => None,
        Clock::Response => case.respond_by.map(|by| (by, case.respond_warn_at, case.response_escalation)),
    }
}

/// Charges a time of a case that was over at `at`, if that was not seen to. The case has not been answered or
/// resolved by then.
pub(super) async fn charge_late(
    work: &mut Work,
    case: &mut Case,
    clock: Clock,
    at: DateTime<Utc>,
) -> Result<()> {
    match running(case, clock) {
        Some((due, _, seen)) if at > due && seen != Some(Escalation::Breached) => {
            escalate(work, case, clock, Breach::Breach).await
        }
        _ => Ok(()),
    }
}

/// Records it, charges a breach to whoever answers for the case, and tells the others while they can still do
/// something about it.
async fn escalate(work: &mut Work, case: &mut Case, clock: Clock, breach: Breach) -> Result<()> {
    let Some((due, warn_at, _)) = running(case, clock) else { return Ok(()) };
    let (kind, action) = match (clock, breach) {
        (Clock::Resolution, Breach::Warning) => (TimelineKind::CaseWarned, "case.warn"),
        (Clock::Resolution, Breach::Breach) => (TimelineKind::CaseBreached, "case.breach"),
        (Clock::Response, Breach::Warning) => (TimelineKind::CaseResponseWarned, "case.warn_response"),
        (Clock::Response, Breach::Breach) => (TimelineKind::CaseResponseBreached, "case.breach_response"),
    };
    let (at, escalation) = match breach {
        Breach::Warning => (warn_at.unwrap_or(due), Escalation::Warned),
        Breach::Breach => (due, Escalation::Breached),
    };
    match clock {
        Clock::Resolution => case.escalation = Some(escalation),
        Clock::Response => case.response_escalation = Some(escalation),
    }
    storage::case_clock::seen_to(work, case, clock, breach).await?;
    if breach == Breach::Breach {
        storage::breach::charge_case(work, case, clock, due).await?;
    }
    super::put_by_system(work, case, (work.new_id(), kind), at).await?;
    work.audit(action, case.customer_id, Some(&format!("{}: {}", case.id, case.accountable_id)))?;
    if super::is_current(work, due) { tell(work, case, clock, breach) } else { Ok(()) }
}

fn tell(work: &mut Work, case: &Case, clock: Clock, breach: Breach) -> Result<()> {
    let (customer, revision) = (case.customer_id, case.revision);
    match (clock, case.respond_by) {
        (Clock::Response, Some(respond_by)) => {
            let data = told::CaseResponseBreached {
                case_id: case.id,
                customer_id: customer,
                org_unit_id: case.org_unit_id,
                topic: case.topic.clone(),
                severity: case.severity,
                accountable_id: case.accountable_id,
                handler_id: case.handler_id,
                breach,
                respond_by,
            };
            work.tell::<CaseResponseBreached>(customer, revision, respond_by, &data)?;
        }
        _ => {
            let data = told::CaseBreached {
                case_id: case.id,
                customer_id: customer,
                org_unit_id: case.org_unit_id,
                topic: case.topic.clone(),
                severity: case.severity,
                accountable_id: case.accountable_id,
                handler_id: case.handler_id,
                breach,
                due_at: case.due_at,
            };
            work.tell::<CaseBreached>(customer, revision, case.due_at, &data)?;
        }
    }
    Ok(())
}
