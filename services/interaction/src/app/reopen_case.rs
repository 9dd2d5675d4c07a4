//! Opens a resolved or closed case again. Whoever the customer reaches may do it: the same person goes on
//! answering for the case, so nobody gains or loses by it.

use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{Case, ReopenCase, TimelineKind},
        problem::Problem,
    },
    event::CaseReopened,
};

use crate::{domain::words, storage};

pub(crate) async fn reopen_case(work: &mut Work, input: Input<ReopenCase>) -> Result<Case> {
    let reason = &input.body.reason;
    let mut mistakes = Vec::new();
    words::check_reason("/reason", reason, &mut mistakes);
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    let (mut case, stage) = super::case_to_move(work, *input.path, input.if_match, mistakes, at).await?;
    stage.reopen().map_err(|refusal| super::not_allowed(&refusal))?.put_into(&mut case);
    if case.closed_at.or(case.resolved_at).is_some_and(|ended| at < ended) {
        return Err(Problem::field("/occurred_at", "it is not before the case ended").into());
    }
    case.reopened += 1;
    (case.resolved_at, case.closed_at) = (None, None);

    storage::case::put(work, &case).await?;
    super::put_on_timeline(work, &case, TimelineKind::CaseReopened, at).await?;
    work.tell::<CaseReopened>(case.customer_id, case.revision, at, &super::moved(&case, at))?;
    work.audit("case.reopen", case.customer_id, Some(&format!("{}: {reason}", case.id))).await?;
    Ok(case)
}
