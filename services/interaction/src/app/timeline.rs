//! Steps on the timeline, each with whoever took it.

use chrono::{DateTime, Utc};
use kit::{Result, Work};
use schema::{
    api::interaction::{Case, Contact, Task, TimelineEntry, TimelineKind},
    event::{TimelineExtended, interaction as told},
    ids::{CustomerId, StaffId},
};
use uuid::Uuid;

use crate::storage;

/// The step of a case, taken by whoever commands it.
pub(super) async fn put_on_timeline(
    work: &Work,
    case: &Case,
    kind: TimelineKind,
    at: DateTime<Utc>,
) -> Result<()> {
    let staff = super::actor(work).await?.staff;
    enter_case(work, case, (work.new_id(), kind), at, staff).await
}

/// The step of a case that nobody took: time or another service did. Its id and its kind are given.
pub(super) async fn put_by_system(
    work: &Work,
    case: &Case,
    step: (Uuid, TimelineKind),
    at: DateTime<Utc>,
) -> Result<()> {
    enter_case(work, case, step, at, None).await
}

async fn enter_case(
    work: &Work,
    case: &Case,
    (id, kind): (Uuid, TimelineKind),
    at: DateTime<Utc>,
    staff_id: Option<StaffId>,
) -> Result<()> {
    let entry = TimelineEntry {
        staff_id,
        contact_id: case.contact_id,
        case_id: Some(case.id),
        ..TimelineEntry::new(id, kind, at, case.org_unit_id)
    };
    storage::timeline::add(work, case.customer_id, &entry)
}

/// The step of a task, taken by whoever commands it.
pub(super) async fn put_task_on_timeline(
    work: &Work,
    task: &Task,
    kind: TimelineKind,
    at: DateTime<Utc>,
) -> Result<()> {
    let staff = super::actor(work).await?.staff;
    enter_task(work, task, kind, at, staff).await
}

/// The step of a task that nobody took: time or a departure did.
pub(super) async fn put_task_by_system(
    work: &Work,
    task: &Task,
    kind: TimelineKind,
    at: DateTime<Utc>,
) -> Result<()> {
    enter_task(work, task, kind, at, None).await
}

async fn enter_task(
    work: &Work,
    task: &Task,
    kind: TimelineKind,
    at: DateTime<Utc>,
    staff_id: Option<StaffId>,
) -> Result<()> {
    let entry = TimelineEntry {
        staff_id,
        case_id: task.case_id,
        task_id: Some(task.id),
        ..TimelineEntry::new(work.new_id(), kind, at, task.org_unit_id)
    };
    storage::timeline::add(work, task.customer_id, &entry)
}

/// Puts a step of the promise that was made in a contact on the timeline.
pub(super) async fn put_promise_on_timeline(
    work: &Work,
    contact: &Contact,
    kind: TimelineKind,
    at: DateTime<Utc>,
    staff_id: Option<StaffId>,
) -> Result<()> {
    let entry = promise_step(work, contact, kind, at, staff_id);
    storage::timeline::add(work, contact.customer_id, &entry)
}

/// The step of the promise that was made in a contact.
pub(super) fn promise_step(
    work: &Work,
    contact: &Contact,
    kind: TimelineKind,
    at: DateTime<Utc>,
    staff_id: Option<StaffId>,
) -> TimelineEntry {
    TimelineEntry {
        staff_id,
        contact_id: Some(contact.id),
        ..TimelineEntry::new(work.new_id(), kind, at, contact.org_unit_id)
    }
}

/// Enters what another service told, and tells those who show it. The customer's revision was raised.
pub(super) async fn extend(
    work: &mut Work,
    customer: CustomerId,
    revision: i64,
    entry: &TimelineEntry,
) -> Result<()> {
    storage::timeline::add(work, customer, entry)?;
    let data = told::TimelineExtended {
        entry_id: entry.id,
        customer_id: customer,
        kind: entry.kind,
        occurred_at: entry.occurred_at,
    };
    work.tell::<TimelineExtended>(customer, revision, entry.occurred_at, &data)?;
    Ok(())
}
