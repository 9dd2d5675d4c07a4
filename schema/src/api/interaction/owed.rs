//! What is owed: to one customer, and by one member of staff.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Escalation, task::OWNERS};
use crate::{
    api::page::Page,
    classified,
    ids::{CaseId, ContactId, CustomerId, OrgUnitId, StaffId, TaskId},
};

crate::api::endpoints! {
    /// Everything that waits for you: cases that you answer for or work on, promises, cases that are offered to
    /// you, and tasks, the one due first coming first.
    GetDeskItems = Read Get "/desk" 200 for OWNERS => { query: DeskItemsQuery, reply: Page<DeskItem> }
}

/// What kind of thing is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum OwedKind {
    /// An open case; due by whoever answers for it.
    Case,
    /// An open promise; due by whoever made it.
    Promise,
    /// An offer of a case that was not answered; due by whoever it was made to.
    HandOver,
    /// An open task; due by its owner.
    Task,
}

/// Something that we owe a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Owed {
    /// What kind of thing.
    pub kind: OwedKind,
    /// By when; of an offer, when its case is due.
    pub due_at: DateTime<Utc>,
    /// What, as a code: the case's topic, what was promised, what the task is.
    pub what: String,
    /// Who owes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<StaffId>,
    /// The case that it is, or is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// The task that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<TaskId>,
    /// The contact in which it was promised, or from which the case came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<ContactId>,
}

/// Which part of a desk.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct DeskItemsQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Something that waits for a member of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct DeskItem {
    /// The id of the case, contact, offer or task.
    pub id: uuid::Uuid,
    /// What kind of thing.
    pub kind: OwedKind,
    /// The customer that it is owed to.
    pub customer_id: CustomerId,
    /// Where it came up.
    pub org_unit_id: OrgUnitId,
    /// By when; of an offer, when its case is due.
    pub due_at: DateTime<Utc>,
    /// What, as a code.
    pub what: String,
    /// Who owes it: you, unless you only work on a case that somebody else answers for.
    pub staff_id: Option<StaffId>,
    /// The case that it is, or is part of.
    pub case_id: Option<CaseId>,
    /// The task that it is.
    pub task_id: Option<TaskId>,
    /// The contact in which it was promised, or from which the case came.
    pub contact_id: Option<ContactId>,
    /// Whether its due time is near or past and that was told.
    pub escalation: Option<Escalation>,
}

classified! { DeskItem {
    id: plain, kind: plain, customer_id: plain, org_unit_id: plain, due_at: plain, what: plain,
    staff_id: plain, case_id: plain, task_id: plain, contact_id: plain, escalation: plain,
} }
