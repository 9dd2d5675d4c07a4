//! A task: what can be done with it, who may do it, and what is wrong with one that is told.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use schema::{
    api::interaction::{Case, Task, TaskState},
    ids::{CustomerId, StaffId, TaskId},
};
use uuid::Uuid;

use super::case::Actor;

/// What can be done with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Somebody else does it.
    Reassign,
    /// It was done.
    Finish,
    /// It is not to be done any more.
    Cancel,
}

/// The state does not allow the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAllowed {
    state: TaskState,
    step: Step,
}

/// Takes a step: the state after it.
pub(crate) const fn step(state: TaskState, step: Step) -> Result<TaskState, NotAllowed> {
    match (state, step) {
        (TaskState::Open, Step::Reassign) => Ok(TaskState::Open),
        (TaskState::Open, Step::Finish) => Ok(TaskState::Done),
        (TaskState::Open, Step::Cancel) => Ok(TaskState::Cancelled),
        (TaskState::Done | TaskState::Cancelled, _) => Err(NotAllowed { state, step }),
    }
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (state, allowed) = match self.state {
            TaskState::Open => ("open", "reassign, done or cancel"),
            TaskState::Done => ("done", "nothing more; open another one"),
            TaskState::Cancelled => ("cancelled", "nothing more; open another one"),
        };
        let step = match self.step {
            Step::Reassign => "reassign",
            Step::Finish => "done",
            Step::Cancel => "cancel",
        };
        write!(f, "the task is {state}, which does not allow {step}; it allows {allowed}")
    }
}

/// Whether they may take the step: a manager any; whoever owns the task may have it done or give it on; whoever
/// opened it, or answers for its case, may give it to another or cancel it.
pub(crate) fn may(actor: &Actor, task: &Task, case: Option<&Case>, step: Step) -> bool {
    let owns = actor.is(task.owner_id);
    let opened = task.opened_by_id.is_some_and(|opener| actor.is(opener))
        || case.is_some_and(|case| actor.is(case.accountable_id));
    actor.is_manager
        || match step {
            Step::Finish => owns,
            Step::Reassign => owns || opened,
            Step::Cancel => opened,
        }
}

/// Whether its time was over at `at`.
pub(crate) fn is_late(due: DateTime<Utc>, at: DateTime<Utc>) -> bool {
    at > due
}

/// Whoever told it: the nightly plan, or a member of staff.
pub(crate) fn delivery_id(customer: CustomerId, sku: &str, runs_out_on: NaiveDate) -> TaskId {
    Uuid::new_v5(&customer.uuid(), format!("delivery/{runs_out_on}/{sku}").as_bytes()).into()
}

/// By when to deliver: as reckoned, or when the customer runs out, whichever is still ahead; when neither is, by
/// the end of the plan's day.
pub(crate) fn delivery_due(
    deliver_by: DateTime<Utc>,
    runs_out_at: DateTime<Utc>,
    now: DateTime<Utc>,
    end_of_day: DateTime<Utc>,
) -> DateTime<Utc> {
    [deliver_by, runs_out_at].into_iter().find(|at| *at > now).unwrap_or(end_of_day.max(now))
}

/// Who missed a due time: the same miss has the same id. A case has two times, which may be the same.
pub(crate) fn breach_id(kind: &str, subject: Uuid, due: DateTime<Utc>) -> Uuid {
    let what = if kind == "response" { kind } else { "breach" };
    Uuid::new_v5(&subject, format!("{what}/{}", due.timestamp_micros()).as_bytes())
}

/// The owner of a planned delivery.
pub(crate) const fn owner(dealt_last: Option<StaffId>, otherwise: StaffId) -> StaffId {
    match dealt_last {
        Some(staff) => staff,
        None => otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [TaskState; 3] = [TaskState::Open, TaskState::Done, TaskState::Cancelled];
    const STEPS: [Step; 3] = [Step::Reassign, Step::Finish, Step::Cancel];

    #[test]
    fn every_step_in_every_state() {
        let mut refused = 0;
        for state in STATES {
            for taken in STEPS {
                let expected = match (state, taken) {
                    (TaskState::Open, Step::Reassign) => Some(TaskState::Open),
                    (TaskState::Open, Step::Finish) => Some(TaskState::Done),
                    (TaskState::Open, Step::Cancel) => Some(TaskState::Cancelled),
                    _ => None,
                };
                match (step(state, taken), expected) {
                    (Ok(after), Some(expected)) => assert_eq!(after, expected),
                    (Err(refusal), None) => {
                        refused += 1;
                        assert!(refusal.to_string().contains("; it allows "), "{refusal}");
                    }
                    (got, expected) => panic!("{state:?} {taken:?}: {got:?}, not {expected:?}"),
                }
            }
        }
        assert_eq!(refused, 6);
    }

    #[test]
    fn a_delivery_is_due_while_it_can_still_be_made() {
        let at = |hours: i64| DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(hours);
        assert_eq!(delivery_due(at(5), at(9), at(4), at(24)), at(5));
        assert_eq!(delivery_due(at(5), at(9), at(5), at(24)), at(9));
        assert_eq!(delivery_due(at(5), at(9), at(9), at(24)), at(24));
        assert_eq!(delivery_due(at(5), at(9), at(30), at(24)), at(30));
    }
}
