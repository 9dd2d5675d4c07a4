//! Says that a task was done. One that was done late is charged to its owner, whether or not the job has been
//! there.

use kit::{Input, Result, Work};
use schema::{
    api::interaction::{FinishTask, Task, TimelineKind},
    event::TaskSettled,
};

use crate::{
    domain::{task::Step, words},
    storage,
};

pub(crate) async fn finish_task(work: &mut Work, input: Input<FinishTask>) -> Result<Task> {
    let mut mistakes = Vec::new();
    if let Some(outcome) = &input.body.outcome {
        words::check_code("/outcome", outcome, &mut mistakes);
    }
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    let mut task =
        super::task_to_move(work, *input.path, input.if_match, mistakes, (at, Step::Finish)).await?;
    super::charge_late_task(work, &mut task, at).await?;
    task.settled_at = Some(at);
    task.outcome.clone_from(&input.body.outcome);

    storage::task::put(work, &task).await?;
    super::put_task_on_timeline(work, &task, TimelineKind::TaskDone, at).await?;
    work.tell::<TaskSettled>(task.customer_id, task.revision, at, &super::task_moved(&task, at))?;
    work.audit("task.done", task.customer_id, Some(&task.id.to_string()))?;
    Ok(task)
}
