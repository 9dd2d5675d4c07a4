//! Charges a task whose time is over to its owner. Doing it again does nothing.

use kit::{Result, Work};
use schema::api::interaction::{TaskPath, TaskState};

use crate::storage;

/// `true` when the task was charged by this, `false` when there is nothing to do any more.
pub(crate) async fn breach_task(work: &mut Work, path: TaskPath) -> Result<bool> {
    let revision = work.revise(path.customer_id, None).await?;
    let Some(mut task) = storage::task::find(work, path, None).await? else { return Ok(false) };
    task.revision = revision;
    if task.state != TaskState::Open || task.breached {
        return Ok(false);
    }
    let now = work.now();
    super::charge_late_task(work, &mut task, now).await?;
    storage::task::put(work, &task).await?;
    Ok(task.breached)
}
