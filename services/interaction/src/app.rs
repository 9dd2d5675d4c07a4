//! Commands, one a file: the decision, seen whole. What every step of a case begins and ends with is here.

pub(crate) mod accept_case;
pub(crate) mod close_case;
pub(crate) mod decline_case;
pub(crate) mod name_accountable;
pub(crate) mod offer_case;
pub(crate) mod open_case;
pub(crate) mod record_contact;
pub(crate) mod record_purchase;
pub(crate) mod reopen_case;
pub(crate) mod resolve_case;
pub(crate) mod return_purchase;
pub(crate) mod settle_promise;

use chrono::{DateTime, Utc};
use kit::{Error, Result, Work};
use schema::{
    access::{Role, Scope, Viewer},
    api::{
        interaction::{Case, CasePath, TimelineEntry, TimelineKind},
        problem::{Code, FieldError, Problem},
    },
    event::interaction::CaseMoved,
    ids::{OrgUnitId, StaffId},
};

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

/// The step on the timeline.
async fn put_on_timeline(work: &Work, case: &Case, kind: TimelineKind, at: DateTime<Utc>) -> Result<()> {
    let entry = TimelineEntry {
        id: work.new_id(),
        kind,
        occurred_at: at,
        org_unit_id: case.org_unit_id,
        channel: None,
        purchase_id: None,
        currency: None,
        amount_minor: None,
        contact_id: case.contact_id,
        case_id: Some(case.id),
    };
    storage::timeline::add(work, case.customer_id, &entry).await
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
        complaint: None,
        answer_id: None,
    }
}
