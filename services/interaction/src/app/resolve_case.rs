//! Resolves a case: we did what was to be done.

use kit::{Input, Result, Work};
use schema::{
    api::interaction::{Case, CasePath, CaseResolution, ResolveCase, TimelineKind},
    event::CaseResolved,
};

use crate::{
    domain::{standard::Clock, words},
    storage,
};

pub(crate) async fn resolve_case(work: &mut Work, input: Input<ResolveCase>) -> Result<Case> {
    resolve(work, *input.path, &input.body, input.if_match).await
}

/// Resolves the case in this way.
pub(super) async fn resolve(
    work: &mut Work,
    path: CasePath,
    resolution: &CaseResolution,
    if_match: Option<i64>,
) -> Result<Case> {
    let mut mistakes = Vec::new();
    words::check_code("/outcome", &resolution.outcome, &mut mistakes);
    words::check_note("/notes", resolution.notes.as_deref(), &mut mistakes);
    let at = words::check_time(resolution.occurred_at, work.now(), &mut mistakes);
    let (mut case, stage) = super::case_to_move(work, path, if_match, mistakes, at).await?;
    super::require_mover(&super::actor(work).await?, &case)?;
    stage.resolve().map_err(|refusal| super::not_allowed(&refusal))?.put_into(&mut case);
    for clock in [Clock::Response, Clock::Resolution] {
        super::escalate_case::charge_late(work, &mut case, clock, at).await?;
    }
    case.resolved_at = Some(at);
    case.responded_at = case.responded_at.or(Some(at));
    case.outcome = Some(resolution.outcome.clone());
    case.resolution.clone_from(&resolution.notes);

    let (_, calendar) = super::working_time(work, case.org_unit_id).await?;
    let worked = calendar.between(case.occurred_at, at);
    storage::case::put(work, &case).await?;
    storage::case_clock::put(work, &case, Some(worked)).await?;
    super::put_on_timeline(work, &case, TimelineKind::CaseResolved, at).await?;
    work.tell::<CaseResolved>(case.customer_id, case.revision, at, &super::moved(&case, at))?;
    work.audit("case.resolve", case.customer_id, Some(&case.id.to_string()))?;
    Ok(case)
}
