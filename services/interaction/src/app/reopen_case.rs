//! Opens a resolved or closed case again. Whoever the customer reaches may do it: the same person goes on
//! answering for the case, so nobody gains or loses by it.

use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{Case, ReopenCase, TimelineKind},
        problem::{Code, Problem},
    },
    event::CaseReopened,
};

use crate::{
    domain::{standard, words, working_time::NoTime},
    storage,
};

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

    // The standard applies anew; a due time that was given by hand stays what it was.
    if let Some(standard) = &case.standard {
        let (_, calendar) = super::working_time(work, case.org_unit_id).await?;
        let no_time = |no_time: NoTime| Problem::new(Code::Conflict, no_time.to_string());
        let times = standard::times(standard, &calendar, at).map_err(no_time)?;
        (case.due_at, case.warn_at, case.escalation) = (times.due_at, Some(times.warn_at), None);
    }

    storage::case::put(work, &case).await?;
    storage::case_clock::put(work, &case, None).await?;
    super::put_on_timeline(work, &case, TimelineKind::CaseReopened, at).await?;
    work.tell::<CaseReopened>(case.customer_id, case.revision, at, &super::moved(&case, at))?;
    work.audit("case.reopen", case.customer_id, Some(&format!("{}: {reason}", case.id)))?;
    Ok(case)
}
