//! Says when the customer heard from us first about a case. When that was late, it is charged.

use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{Case, CaseState, RespondToCase, TimelineKind},
        problem::{Code, Problem},
    },
    event::CaseResponded,
};

use crate::{
    domain::{standard::Clock, words},
    storage,
};

pub(crate) async fn respond_to_case(work: &mut Work, input: Input<RespondToCase>) -> Result<Case> {
    let mut mistakes = Vec::new();
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    let (mut case, _) = super::case_to_move(work, *input.path, input.if_match, mistakes, at).await?;
    super::require_mover(&super::actor(work).await?, &case)?;
    if case.responded_at.is_some() || !matches!(case.state, CaseState::Open | CaseState::Offered) {
        let detail = "the customer heard from us about this case before; that is said once";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    super::escalate_case::charge_late(work, &mut case, Clock::Response, at).await?;
    case.responded_at = Some(at);
    storage::case_clock::put(work, &case, None).await?;
    super::put_on_timeline(work, &case, TimelineKind::CaseResponded, at).await?;
    work.tell::<CaseResponded>(case.customer_id, case.revision, at, &super::moved(&case, at))?;
    work.audit("case.respond", case.customer_id, Some(&case.id.to_string()))?;
    Ok(case)
}
