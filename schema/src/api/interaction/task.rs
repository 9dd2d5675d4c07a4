//! Tasks: work that one person owns until a time, from a case, a plan or a promise.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{FRONT_OFFICE, READERS, Role},
    api::{customer::CustomerPath, page::Page},
    classified,
    ids::{CaseId, CustomerId, OrgUnitId, StaffId, TaskId},
    value::Milli,
};

/// Who may own a task, and so see and settle it: also those who reach nothing but what was given to them.
pub(super) const OWNERS: &[Role] =
    &[Role::Presales, Role::Sales, Role::Aftersales, Role::Manager, Role::Partner];

crate::api::endpoints! {
    /// Opens a task for somebody; as part of a case, it delegates work and leaves accountability.
    OpenTask = Command Post "/customers/{customer_id}/tasks" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewTask, reply: Task,
    }
    /// Gives a task to somebody else, with a reason that the audit keeps.
    ReassignTask = Command Post "/customers/{customer_id}/tasks/{task_id}/reassign" 200 for FRONT_OFFICE => {
        path: TaskPath, body: NewTaskOwner, reply: Task,
    }
    /// Says that a task was done; whoever owns it may, in whatever unit they are.
    FinishTask = Command Post "/customers/{customer_id}/tasks/{task_id}/done" 200 for OWNERS => {
        path: TaskPath, body: TaskDone, reply: Task,
    }
    /// Says that a task is not to be done any more, with a reason that the audit keeps.
    CancelTask = Command Post "/customers/{customer_id}/tasks/{task_id}/cancel" 200 for FRONT_OFFICE => {
        path: TaskPath, body: TaskCancelled, reply: Task,
    }
    /// One task; whoever owns it reads it, in whatever unit they are.
    GetTask = Read Get "/customers/{customer_id}/tasks/{task_id}" 200 for READERS => {
        path: TaskPath, reply: Task,
    }
    /// A customer's tasks, the one opened last first.
    ListTasks = Read Get "/customers/{customer_id}/tasks" 200 for READERS => {
        path: CustomerPath, query: TasksQuery, reply: Page<Task>,
    }
}

/// Which task of which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct TaskPath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The task's id.
    pub task_id: TaskId,
}

/// Which part of a customer's tasks.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct TasksQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Why a task is there.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Part of a case, done by somebody else; whoever is accountable for the case stays so.
    Delegated,
    /// A delivery before the customer runs out, from the action plan.
    Delivery,
    /// To call or visit the customer.
    Call,
    /// Anything else that is owed to the customer.
    Errand,
}

/// Where a task stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// To be done.
    Open,
    /// Was done.
    Done,
    /// Is not to be done any more.
    Cancelled,
}

/// A task to open.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    /// For which unit it is done; a unit in your scope.
    pub org_unit_id: OrgUnitId,
    /// Why it is there; a delegated one names its case.
    pub kind: TaskKind,
    /// What is to be done, as a code of 1 to 40 of a-z, 0-9 and hyphen.
    pub what: String,
    /// In words, in 1 to 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Who does it: anybody who works for us.
    pub owner_id: StaffId,
    /// The open case of the same customer that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// When it shall be done, when that is agreed: the time at which the customer is called or visited.
    /// Not before it is opened and not after it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_at: Option<DateTime<Utc>>,
    /// By when it shall be done; not before it is opened.
    pub due_at: DateTime<Utc>,
    /// When it was opened (business time); now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<DateTime<Utc>>,
}

/// Who shall do a task from now on.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewTaskOwner {
    /// Who: anybody who works for us.
    pub owner_id: StaffId,
    /// Why, in 1 to 500 characters.
    pub reason: String,
    /// When (business time); now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<DateTime<Utc>>,
}

/// That a task was done.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct TaskDone {
    /// What came of it, as a code of 1 to 40 of a-z, 0-9 and hyphen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// When (business time); now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<DateTime<Utc>>,
}

/// That a task is not to be done any more.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct TaskCancelled {
    /// Why, in 1 to 500 characters.
    pub reason: String,
    /// When (business time); now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<DateTime<Utc>>,
}

/// A piece of work that one person owns until a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Whose: the customer that it is done for.
    pub customer_id: CustomerId,
    /// For which unit it is done.
    pub org_unit_id: OrgUnitId,
    /// Why it is there.
    pub kind: TaskKind,
    /// What is to be done, as a code.
    pub what: String,
    /// In words.
    pub notes: Option<String>,
    /// Where it stands.
    pub state: TaskState,
    /// Who does it.
    pub owner_id: StaffId,
    /// Who opened it; none when that was the nightly plan.
    pub opened_by_id: Option<StaffId>,
    /// The case that it is part of; whoever is accountable for that stays so.
    pub case_id: Option<CaseId>,
    /// Of a delivery: the article's code.
    pub sku: Option<String>,
    /// Of a delivery: how much to bring, in thousandths of the article's unit, when that can be told.
    pub quantity_milli: Option<Milli>,
    /// Of a delivery: when the customer runs out by our reckoning.
    pub runs_out_at: Option<DateTime<Utc>>,
    /// When it was opened (business time).
    pub occurred_at: DateTime<Utc>,
    /// When it shall be done, when that is agreed.
    pub planned_at: Option<DateTime<Utc>>,
    /// By when it shall be done.
    pub due_at: DateTime<Utc>,
    /// When it was done or cancelled (business time).
    pub settled_at: Option<DateTime<Utc>>,
    /// What came of it, as a code.
    pub outcome: Option<String>,
    /// Whether its due time was missed.
    pub breached: bool,
    /// The customer's revision in this service after the command, or when read.
    pub revision: i64,
}

classified! { Task {
    id: plain, customer_id: plain, org_unit_id: plain, kind: plain, what: plain, notes: sensitive,
    state: plain, owner_id: plain, opened_by_id: plain, case_id: plain, sku: plain, quantity_milli: plain,
    runs_out_at: plain, occurred_at: plain, planned_at: plain, due_at: plain, settled_at: plain,
    outcome: plain, breached: plain, revision: plain,
} }
