//! Closes a resolved case: the customer has nothing more to say about it.

use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{Case, CasePath, CaseStep, CloseCase, TimelineKind},
        problem::Problem,
    },
    event::CaseClosed,
};

use crate::{domain::words, storage};

pub(crate) async fn close_case(work: &mut Work, input: Input<CloseCase>) -> Result<Case> {
    close(work, *input.path, &input.body, input.if_match).await
}

/// Closes the case.
pub(super) async fn close(
    work: &mut Work,
    path: CasePath,
    step: &CaseStep,
    if_match: Option<i64>,
) -> Result<Case> {
    let mut mistakes = Vec::new();
    let at = words::check_time(step.occurred_at, work.now(), &mut mistakes);
    let (mut case, stage) = super::case_to_move(work, path, if_match, mistakes, at).await?;
    super::require_mover(&super::actor(work).await?, &case)?;
    stage.close().map_err(|refusal| super::not_allowed(&refusal))?.put_into(&mut case);
    if case.resolved_at.is_some_and(|resolved| at < resolved) {
        return Err(Problem::field("/occurred_at", "it is not before the case was resolved").into());
    }
    case.closed_at = Some(at);

    storage::case::put(work, &case).await?;
    super::put_on_timeline(work, &case, TimelineKind::CaseClosed, at).await?;
    work.tell::<CaseClosed>(case.customer_id, case.revision, at, &super::moved(&case, at))?;
    work.audit("case.close", case.customer_id, Some(&case.id.to_string()))?;
    Ok(case)
}
