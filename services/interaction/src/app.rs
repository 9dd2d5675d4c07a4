//! Decisions, one a file, each seen whole: those of people, and those made by time or when an event arrives.
//! What every step of a case or task begins and ends with is here.

pub(crate) mod accept_case;
pub(crate) mod approve_gesture;
pub(crate) mod ask_gesture;
pub(crate) mod assign_calendar;
pub(crate) mod breach_promise;
pub(crate) mod breach_task;
pub(crate) mod cancel_task;
pub(crate) mod change_calendar;
pub(crate) mod change_outreach_policy;
pub(crate) mod close_case;
pub(crate) mod create_calendar;
pub(crate) mod decide_outreach;
pub(crate) mod decline_case;
pub(crate) mod escalate_case;
pub(crate) mod finish_task;
pub(crate) mod follow_up;
pub(crate) mod gesture;
pub(crate) mod keep_replenishment;
pub(crate) mod keep_wishes;
pub(crate) mod make_action_plan;
pub(crate) mod mark_outreach_sent;
pub(crate) mod measure_recovery;
pub(crate) mod name_accountable;
pub(crate) mod note_invitation;
pub(crate) mod note_questionnaire;
pub(crate) mod offer_case;
pub(crate) mod open_case;
pub(crate) mod open_cases;
pub(crate) mod open_task;
pub(crate) mod reach;
pub(crate) mod reassign_task;
pub(crate) mod receive_answer;
pub(crate) mod record_contact;
pub(crate) mod record_contacts;
pub(crate) mod record_purchase;
pub(crate) mod record_purchases;
pub(crate) mod refuse_gesture;
pub(crate) mod reopen_case;
pub(crate) mod resolve_case;
pub(crate) mod respond_to_case;
pub(crate) mod return_purchase;
pub(crate) mod reverse_gesture;
pub(crate) mod set_authority;
pub(crate) mod set_nightly_plan;
pub(crate) mod set_standard;
pub(crate) mod settle_promise;
pub(crate) mod succeed;
mod succeed_promises;
mod succeed_tasks;
mod timeline;

use chrono::{DateTime, TimeDelta, Utc};
use kit::{Error, Result, Work};
use schema::{
    access::Role,
    api::{
        interaction::{Case, CasePath, CaseStandard, Severity, Task, TaskPath, TimelineKind},
        problem::{Code, FieldError, Problem},
    },
    event::{
        TaskBreached,
        interaction::{CaseMoved, CaseOpened, TaskMoved},
    },
    ids::{CalendarId, EventId, OrgUnitId, StaffId},
};
use uuid::Uuid;

use self::timeline::{
    extend, promise_step, put_by_system, put_on_timeline, put_promise_on_timeline, put_task_by_system,
    put_task_on_timeline,
};
use crate::{
    domain::{
        self,
        case::{Actor, NotAllowed, Stage},
        standard::Times,
        task::Step,
        working_time::WorkingTime,
    },
    storage,
};

/// What lies further back than this is recorded, and tells nobody to do anything.
const CURRENT: TimeDelta = TimeDelta::days(7);

/// Whether others can still do something about what was due then.
fn is_current(work: &Work, due_at: DateTime<Utc>) -> bool {
    work.now() - due_at <= CURRENT
}

/// Whoever gives the command.
async fn actor(work: &Work) -> Result<Actor> {
    let viewer = work.viewer();
    let staff = storage::staff::named(work, viewer.and_then(|viewer| viewer.staff.as_deref())).await?;
    // A service has no person: whoever it speaks for was asked before.
    Ok(Actor {
        staff,
        is_manager: viewer.is_some_and(|viewer| viewer.has_any(&[Role::Manager, Role::Service])),
    })
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

/// Refuses somebody who does not work for us.
async fn require_colleague(work: &Work, pointer: &str, staff: StaffId) -> Result<()> {
    if storage::staff::is_active(work, staff).await? {
        return Ok(());
    }
    Err(nobody(pointer).into())
}

/// Nobody of ours is meant here.
fn nobody(pointer: &str) -> Problem {
    Problem::field(pointer, "nobody with this id works for us")
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

/// When a unit works, and by which calendar: every minute of every day when it has none.
async fn working_time(work: &Work, unit: OrgUnitId) -> Result<(Option<CalendarId>, WorkingTime)> {
    let Some(calendar) = storage::calendar::of_unit(work, unit).await? else {
        return Ok((None, WorkingTime::always()));
    };
    let wrong = || Error::Fault("a calendar contradicts itself".into());
    let time = domain::calendar::working_time(&calendar).ok_or_else(wrong)?;
    Ok((Some(calendar.id), time))
}

/// The standard for a case that came up in a unit, and the times that follow from it; none when there is none.
async fn standard_times(
    work: &Work,
    unit: OrgUnitId,
    (topic, severity): (&str, Severity),
    since: DateTime<Utc>,
) -> Result<Option<(CaseStandard, Times)>> {
    let Some(found) = storage::standard::of(work, topic, severity).await? else { return Ok(None) };
    let (calendar_id, calendar) = working_time(work, unit).await?;
    let standard = CaseStandard {
        topic: found.topic,
        response_minutes: found.response_minutes,
        resolution_minutes: found.resolution_minutes,
        warning_percent: found.warning_percent,
        calendar_id,
    };
    let times = domain::standard::times(&standard, &calendar, since);
    Ok(Some((standard, times.map_err(|no_time| Problem::field("/due_at", no_time.to_string()))?)))
}

/// What a step of a task begins with: its mistakes, reach, revision, the task after the step, and that whoever
/// takes it may.
async fn task_to_move(
    work: &mut Work,
    path: TaskPath,
    if_match: Option<i64>,
    mistakes: Vec<FieldError>,
    (at, step): (DateTime<Utc>, Step),
) -> Result<Task> {
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    let actor = actor(work).await?;
    let missing = || Problem::not_found("task");
    storage::task::find(work, path, actor.staff).await?.ok_or_else(missing)?;
    let revision = work.revise(path.customer_id, if_match).await?;
    let mut task = storage::task::find(work, path, actor.staff).await?.ok_or_else(missing)?;
    let case = match task.case_id {
        Some(case_id) => {
            storage::case::find(work, CasePath { customer_id: path.customer_id, case_id }).await?
        }
        None => None,
    };
    if !domain::task::may(&actor, &task, case.as_ref(), step) {
        let detail =
            "only whoever owns the task, opened it or answers for its case, or a manager, may do this";
        return Err(Problem::new(Code::Forbidden, detail).into());
    }
    if at < task.occurred_at {
        return Err(Problem::field("/occurred_at", "it is not before the task was opened").into());
    }
    let refused = |refusal: domain::task::NotAllowed| Problem::new(Code::Conflict, refusal.to_string());
    task.state = domain::task::step(task.state, step).map_err(refused)?;
    task.revision = revision;
    Ok(task)
}

/// Charges a task to its owner if its time was over at `at` and that was not seen to; the caller writes the task.
async fn charge_late_task(work: &mut Work, task: &mut Task, at: DateTime<Utc>) -> Result<()> {
    if task.breached || !domain::task::is_late(task.due_at, at) {
        return Ok(());
    }
    task.breached = true;
    storage::breach::charge_task(work, task).await?;
    put_task_by_system(work, task, TimelineKind::TaskBreached, task.due_at).await?;
    work.audit("task.breach", task.customer_id, Some(&format!("{}: {}", task.id, task.owner_id)))?;
    if is_current(work, task.due_at) {
        let data = task_moved(task, task.due_at);
        work.tell::<TaskBreached>(task.customer_id, task.revision, task.due_at, &data)?;
    }
    Ok(())
}

/// What others hear of a task.
fn task_moved(task: &Task, at: DateTime<Utc>) -> TaskMoved {
    TaskMoved {
        task_id: task.id,
        customer_id: task.customer_id,
        org_unit_id: task.org_unit_id,
        kind: task.kind,
        what: task.what.clone(),
        state: task.state,
        owner_id: task.owner_id,
        case_id: task.case_id,
        due_at: task.due_at,
        occurred_at: at,
    }
}
