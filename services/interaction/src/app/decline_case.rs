//! Declines a case that was offered, with a reason: it stays where it is.

use kit::{Error, Input, Result, Work};
use schema::{
    api::{
        interaction::{Case, DeclineCase, HandOverState, TimelineKind},
        problem::{Code, Problem},
    },
    event::CaseDeclined,
};

use crate::{domain::words, storage};

pub(crate) async fn decline_case(work: &mut Work, input: Input<DeclineCase>) -> Result<Case> {
    let reason = &input.body.reason;
    let mut mistakes = Vec::new();
    words::check_reason("/reason", reason, &mut mistakes);
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    let (mut case, stage) = super::case_to_move(work, *input.path, input.if_match, mistakes, at).await?;
    let actor = super::actor(work).await?;
    let (stage, to) = stage.decline().map_err(|refusal| super::not_allowed(&refusal))?;
    if !actor.is(to) && !actor.is_manager {
        let detail = "the case is offered to somebody else; only they or a manager may decline it";
        return Err(Problem::new(Code::Forbidden, detail).into());
    }
    stage.put_into(&mut case);
    let lost = || Error::Fault("a case is offered without an offer".into());
    let offer = case.hand_overs.last_mut().ok_or_else(lost)?;
    offer.state = HandOverState::Declined;
    offer.answered_at = Some(at);
    offer.decline_reason = Some(reason.clone());

    storage::case::put(work, &case).await?;
    super::put_on_timeline(work, &case, TimelineKind::CaseDeclined, at).await?;
    work.tell::<CaseDeclined>(case.customer_id, case.revision, at, &super::moved(&case, at))?;
    work.audit("case.decline", case.customer_id, Some(&format!("{}: {reason}", case.id)))?;
    Ok(case)
}
