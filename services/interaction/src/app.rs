//! Decisions, one a file, each seen whole: those of people, and those made when an event arrives. What every
//! step of a case begins and ends with is here.

pub(crate) mod accept_case;
pub(crate) mod approve_gesture;
pub(crate) mod ask_gesture;
pub(crate) mod change_outreach_policy;
pub(crate) mod close_case;
pub(crate) mod decide_outreach;
pub(crate) mod decline_case;
pub(crate) mod follow_up;
pub(crate) mod gesture;
pub(crate) mod keep_wishes;
pub(crate) mod measure_recovery;
pub(crate) mod name_accountable;
pub(crate) mod offer_case;
pub(crate) mod open_case;
pub(crate) mod reach;
pub(crate) mod record_contact;
pub(crate) mod record_purchase;
pub(crate) mod refuse_gesture;
pub(crate) mod reopen_case;
pub(crate) mod resolve_case;
pub(crate) mod return_purchase;
pub(crate) mod reverse_gesture;
pub(crate) mod set_authority;
pub(crate) mod settle_promise;
pub(crate) mod succeed;

use chrono::{DateTime, Utc};
use kit::{Error, Result, Work};
use schema::{
    access::{Role, Scope, Viewer},
    api::{
        interaction::{Case, CasePath, TimelineEntry, TimelineKind},
        problem::{Code, FieldError, Problem},
    },
    event::interaction::{CaseMoved, CaseOpened},
    ids::{EventId, OrgUnitId, StaffId},
};
use uuid::Uuid;

use crate::{
    domain::case::{Actor, NotAllowed, Stage},
    storage,
};

/// Whoever gives the command.
async fn actor(work: &Work) -> Result<Actor> {
    let viewer = work.viewer();
    let staff = storage::staff::named(work, viewer.and_then(|viewer| viewer.staff.as_deref())).await?;
    Ok(Actor { staff, is_manager: viewer.is_some_and(|viewer| viewer.has_any(&[Role::Manager])) })
}

/// Whoever gives the command, who must be on our staff.
async fn colleague(work: &Work) -> Result<StaffId> {
    let nobody = "your token names nobody who works for us, so nothing can be put on your name";
    let staff = actor(work).await?.staff;
    staff.ok_or_else(|| Problem::new(Code::Forbidden, nobody).into())
}

/// An id that follows from an event, so that applying it again makes the same rows.
fn derived<T: From<Uuid>>(event: EventId, what: &str) -> T {
    Uuid::new_v5(&event.uuid(), what.as_bytes()).into()
}

/// Refuses a unit that is unknown or out of scope; which of the two is not said.
async fn require_unit(work: &Work, unit: OrgUnitId) -> Result<()> {
    let organisation = work.viewer().map_or(Scope::Everything, Viewer::organisation);
    if reference::org_unit::is_in_scope(work, unit, &organisation).await? {
        return Ok(());
    }
    Err(Problem::field("/org_unit_id", "no unit with this id is within your scope").into())
}

/// Refuses somebody who does not work for us.
async fn require_colleague(work: &Work, pointer: &str, staff: StaffId) -> Result<()> {
    if storage::staff::is_active(work, staff).await? {
        return Ok(());
    }
    Err(Problem::field(pointer, "nobody with this id works for us").into())
}

/// What a step of a case begins with: its mistakes, scope, revision, the case, and that it is not before
/// the case.
async fn case_to_move(
    work: &mut Work,
    path: CasePath,
    if_match: Option<i64>,
    mistakes: Vec<FieldError>,
    at: DateTime<Utc>,
) -> Result<(Case, Stage)> {
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    reference::customer::require(work, path.customer_id).await?;
    let revision = work.revise(path.customer_id, if_match).await?;
    let mut case = storage::case::find(work, path).await?.ok_or_else(|| Problem::not_found("case"))?;
    if at < case.occurred_at {
        return Err(Problem::field("/occurred_at", "it is not before the case came up").into());
    }
    case.revision = revision;
    let stage = Stage::of(&case).ok_or_else(|| Error::Fault("a case contradicts itself".into()))?;
    Ok((case, stage))
}

/// Refuses whoever neither handles the case nor answers for it.
fn require_mover(actor: &Actor, case: &Case) -> Result<()> {
    if actor.may_move(case) {
        return Ok(());
    }
    let detail = "only whoever handles the case or answers for it, or a manager, may do this";
    Err(Problem::new(Code::Forbidden, detail).into())
}

/// The stage does not allow the step.
fn not_allowed(refusal: &NotAllowed) -> Error {
    Problem::new(Code::Conflict, refusal.to_string()).into()
}

/// The step on the timeline, taken by whoever commands it.
async fn put_on_timeline(work: &Work, case: &Case, kind: TimelineKind, at: DateTime<Utc>) -> Result<()> {
    let staff = actor(work).await?.staff;
    enter(work, case, (work.new_id(), kind), at, staff).await
}

/// A step of a case on the timeline; its id and its kind are given.
async fn enter(
    work: &Work,
    case: &Case,
    (id, kind): (Uuid, TimelineKind),
    at: DateTime<Utc>,
    staff: Option<StaffId>,
) -> Result<()> {
    let entry = TimelineEntry {
        id,
        kind,
        occurred_at: at,
        org_unit_id: case.org_unit_id,
        channel: None,
        purchase_id: None,
        currency: None,
        amount_minor: None,
        contact_id: case.contact_id,
        case_id: Some(case.id),
        gesture_id: None,
    };
    storage::timeline::add_by(work, case.customer_id, &entry, staff).await
}

/// What others hear of a case that was opened.
fn opened(case: &Case) -> CaseOpened {
    CaseOpened {
        case_id: case.id,
        customer_id: case.customer_id,
        org_unit_id: case.org_unit_id,
        contact_id: case.contact_id,
        topic: case.topic.clone(),
        severity: case.severity,
        accountable_id: case.accountable_id,
        occurred_at: case.occurred_at,
        due_at: case.due_at,
        complaint: Some(case.complaint),
        answer_id: case.answer_id,
    }
}

/// What others hear of a case that was resolved, closed or opened again.
fn moved(case: &Case, at: DateTime<Utc>) -> CaseMoved {
    CaseMoved {
        case_id: case.id,
        customer_id: case.customer_id,
        org_unit_id: case.org_unit_id,
        topic: case.topic.clone(),
        severity: case.severity,
        state: case.state,
        accountable_id: case.accountable_id,
        handler_id: case.handler_id,
        opened_at: case.occurred_at,
        due_at: case.due_at,
        occurred_at: at,
        outcome: case.outcome.clone(),
        transfers: case.transfers,
        reopened: case.reopened,
        complaint: Some(case.complaint),
        answer_id: case.answer_id,
    }
}
