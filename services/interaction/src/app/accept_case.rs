//! Accepts a case: whoever it was offered to handles it from now on. Who answers for it stays.

use kit::{Error, Input, Result, Work};
use schema::{
    api::{
        interaction::{AcceptCase, Case, HandOverState, TimelineKind},
        problem::{Code, Problem},
    },
    event::{CaseHandedOver, interaction as told},
};

use crate::{
    domain::{case, words},
    storage,
};

pub(crate) async fn accept_case(work: &mut Work, input: Input<AcceptCase>) -> Result<Case> {
    let mut mistakes = Vec::new();
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    let (mut case, stage) = super::case_to_move(work, *input.path, input.if_match, mistakes, at).await?;
    let actor = super::actor(work).await?;
    let (stage, to) = stage.accept().map_err(|refusal| super::not_allowed(&refusal))?;
    if !actor.is(to) {
        return Err(Problem::new(Code::Forbidden, "the case is offered to somebody else").into());
    }
    stage.put_into(&mut case);
    case::go_over(&mut case, to);
    let lost = || Error::Fault("a case is offered without an offer".into());
    let offer = case.hand_overs.last_mut().ok_or_else(lost)?;
    offer.state = HandOverState::Accepted;
    offer.answered_at = Some(at);
    let from_staff_id = offer.from_staff_id;

    storage::case::put(work, &case).await?;
    super::put_on_timeline(work, &case, TimelineKind::CaseHandedOver, at).await?;
    let data = told::CaseHandedOver {
        case_id: case.id,
        customer_id: case.customer_id,
        org_unit_id: case.org_unit_id,
        what: told::HandedOver::Handling,
        from_staff_id,
        to_staff_id: to,
        transfers: case.transfers,
        ping_pong: case.ping_pong,
        occurred_at: at,
    };
    work.tell::<CaseHandedOver>(case.customer_id, case.revision, at, &data)?;
    work.audit("case.accept", case.customer_id, Some(&case.id.to_string()))?;
    Ok(case)
}
