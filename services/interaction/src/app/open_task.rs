//! Opens a task for somebody. As part of a case it delegates work: whoever is accountable for the case stays so.

use chrono::{DateTime, Utc};
use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::ConsentPurpose,
        interaction::{
            CasePath, CaseState, Channel, NewTask, OpenTask, Task, TaskKind, TaskState, TimelineKind,
        },
        problem::{Code, FieldError, Problem},
    },
    event::TaskOpened,
    ids::CustomerId,
};

use crate::{domain::words, storage};

pub(crate) async fn open_task(work: &mut Work, input: Input<OpenTask>) -> Result<Task> {
    let (customer, new) = (input.path.customer_id, input.body.as_ref());
    let (occurred_at, due_at, planned_at) = checked(new, work.now())?;
    reference::customer::require(work, customer).await?;
    reference::org_unit::require(work, new.org_unit_id, "/org_unit_id").await?;
    super::require_colleague(work, "/owner_id", new.owner_id).await?;
    if let (Some(at), Some(channel)) = (planned_at, channel(new.kind)) {
        super::reach::check(work, customer, ConsentPurpose::Service, channel, at).await?;
    }
    let actor = super::actor(work).await?;

    let revision = work.revise(customer, input.if_match).await?;
    require_case(work, customer, new).await?;
    let task = Task {
        id: work.new_id(),
        customer_id: customer,
        org_unit_id: new.org_unit_id,
        kind: new.kind,
        what: new.what.clone(),
        notes: new.notes.clone(),
        state: TaskState::Open,
        owner_id: new.owner_id,
        opened_by_id: actor.staff,
        case_id: new.case_id,
        sku: None,
        quantity_milli: None,
        runs_out_at: None,
        occurred_at,
        planned_at,
        due_at,
        settled_at: None,
        outcome: None,
        breached: false,
        revision,
    };
    storage::task::add(work, &task, None).await?;
    super::put_task_on_timeline(work, &task, TimelineKind::TaskOpened, occurred_at).await?;
    work.tell::<TaskOpened>(customer, revision, occurred_at, &super::task_moved(&task, occurred_at))?;
    work.audit("task.open", customer, Some(&format!("{}: {}", task.id, task.owner_id)))?;
    Ok(task)
}

/// When it is opened, due and planned.
type Times = (DateTime<Utc>, DateTime<Utc>, Option<DateTime<Utc>>);

/// Its times, when everything is right.
fn checked(new: &NewTask, now: DateTime<Utc>) -> Result<Times, Problem> {
    let mut mistakes = Vec::new();
    let occurred_at = words::check_time(new.occurred_at, now, &mut mistakes);
    let due_at = words::check_due("/due_at", new.due_at, occurred_at, &mut mistakes);
    let planned_at = check_plan(new.planned_at, (occurred_at, due_at), &mut mistakes);
    words::check_code("/what", &new.what, &mut mistakes);
    words::check_note("/notes", new.notes.as_deref(), &mut mistakes);
    if new.kind == TaskKind::Delegated && new.case_id.is_none() {
        let detail = "a delegated task names the case that it is part of".to_owned();
        mistakes.push(FieldError { pointer: "/case_id".to_owned(), detail });
    }
    if mistakes.is_empty() { Ok((occurred_at, due_at, planned_at)) } else { Err(Problem::fields(mistakes)) }
}

/// How the customer is reached for it, when they are: whether they may be then is asked before it is planned.
fn channel(kind: TaskKind) -> Option<Channel> {
    match kind {
        TaskKind::Call => Some(Channel::Phone),
        TaskKind::Delivery => Some(Channel::Visit),
        TaskKind::Delegated | TaskKind::Errand => None,
    }
}

/// For when it is planned, if it is for a time.
fn check_plan(
    planned_at: Option<DateTime<Utc>>,
    (occurred_at, due_at): (DateTime<Utc>, DateTime<Utc>),
    mistakes: &mut Vec<FieldError>,
) -> Option<DateTime<Utc>> {
    let planned_at = planned_at.and_then(|at| DateTime::from_timestamp_micros(at.timestamp_micros()))?;
    if !(occurred_at..=due_at).contains(&planned_at) {
        let detail = "it is planned for a time from its opening until it is due".to_owned();
        mistakes.push(FieldError { pointer: "/planned_at".to_owned(), detail });
    }
    Some(planned_at)
}

/// The case that it is part of is open, and whoever delegates may move it.
async fn require_case(work: &Work, customer: CustomerId, new: &NewTask) -> Result<()> {
    let Some(case_id) = new.case_id else { return Ok(()) };
    let found = storage::case::find(work, CasePath { customer_id: customer, case_id }).await?;
    let unknown = || Problem::field("/case_id", "the customer has no case with this id");
    let case = found.ok_or_else(unknown)?;
    if !matches!(case.state, CaseState::Open | CaseState::Offered) {
        let detail = "nothing of a case that is resolved or closed is delegated; it allows reopen";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    super::require_mover(&super::actor(work).await?, &case)
}
