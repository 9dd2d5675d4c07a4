//! Says that a task is not to be done any more.

use kit::{Input, Result, Work};
use schema::{
    api::interaction::{CancelTask, Task, TimelineKind},
    event::TaskSettled,
};

use crate::{
    domain::{task::Step, words},
    storage,
};

pub(crate) async fn cancel_task(work: &mut Work, input: Input<CancelTask>) -> Result<Task> {
    let reason = &input.body.reason;
    let mut mistakes = Vec::new();
    words::check_reason("/reason", reason, &mut mistakes);
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    let mut task =
        super::task_to_move(work, *input.path, input.if_match, mistakes, (at, Step::Cancel)).await?;
    task.settled_at = Some(at);

    storage::task::put(work, &task).await?;
    super::put_task_on_timeline(work, &task, TimelineKind::TaskCancelled, at).await?;
    work.tell::<TaskSettled>(task.customer_id, task.revision, at, &super::task_moved(&task, at))?;
    work.audit("task.cancel", task.customer_id, Some(&format!("{}: {reason}", task.id)))?;
    Ok(task)
}
