//! Gives a task to somebody else. A due time that was missed stays charged to whoever owned it then.

use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{ReassignTask, Task, TimelineKind},
        problem::Problem,
    },
    event::TaskReassigned,
};

use crate::{
    domain::{task::Step, words},
    storage,
};

pub(crate) async fn reassign_task(work: &mut Work, input: Input<ReassignTask>) -> Result<Task> {
    let (to, reason) = (input.body.owner_id, &input.body.reason);
    let mut mistakes = Vec::new();
    words::check_reason("/reason", reason, &mut mistakes);
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    let mut task =
        super::task_to_move(work, *input.path, input.if_match, mistakes, (at, Step::Reassign)).await?;
    if to == task.owner_id {
        return Err(Problem::field("/owner_id", "they own the task already").into());
    }
    super::require_colleague(work, "/owner_id", to).await?;
    super::charge_late_task(work, &mut task, at).await?;
    let from = std::mem::replace(&mut task.owner_id, to);

    storage::task::put(work, &task).await?;
    super::put_task_on_timeline(work, &task, TimelineKind::TaskReassigned, at).await?;
    work.tell::<TaskReassigned>(task.customer_id, task.revision, at, &super::task_moved(&task, at))?;
    let detail = format!("{}: {from} -> {to}: {reason}", task.id);
    work.audit("task.reassign", task.customer_id, Some(&detail))?;
    Ok(task)
}
