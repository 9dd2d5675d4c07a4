//! Somebody left: their open tasks go to whoever takes over. What they missed stays charged to them.

use chrono::{DateTime, Utc};
use kit::{Error, Result, Work};
use schema::{api::interaction::TimelineKind, event::TaskReassigned, ids::StaffId};

use crate::storage;

/// Tasks that are looked for at a time.
const BATCH: i64 = 100;

pub(super) async fn succeed_tasks(
    work: &mut Work,
    left: StaffId,
    to: StaffId,
    left_at: DateTime<Utc>,
) -> Result<()> {
    loop {
        let tasks = storage::task::open_of(work, left, BATCH).await?;
        if tasks.is_empty() {
            return Ok(());
        }
        for path in tasks {
            let revision = work.revise(path.customer_id, None).await?;
            let lost = || Error::Fault("a task vanished".into());
            let mut task = storage::task::find(work, path, Some(left)).await?.ok_or_else(lost)?;
            task.revision = revision;
            // It is given on when they left, or when it was opened if that was later.
            let at = left_at.max(task.occurred_at);
            super::charge_late_task(work, &mut task, at).await?;
            task.owner_id = to;
            storage::task::put(work, &task).await?;
            super::put_task_by_system(work, &task, TimelineKind::TaskReassigned, at).await?;
            work.tell::<TaskReassigned>(task.customer_id, revision, at, &super::task_moved(&task, at))?;
            let detail = format!("{}: {left} -> {to}: left", task.id);
            work.audit("task.succeed", task.customer_id, Some(&detail))?;
        }
    }
}
