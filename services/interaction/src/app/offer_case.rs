//! Offers a case to a colleague. Until they accept, it stays where it is.

use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{Case, HandOver, HandOverState, OfferCase, TimelineKind},
        problem::{Code, Problem},
    },
    event::CaseOffered,
};

use crate::{
    domain::{case::MOST_OFFERS, words},
    storage,
};

pub(crate) async fn offer_case(work: &mut Work, input: Input<OfferCase>) -> Result<Case> {
    let offer = input.body.as_ref();
    let mut mistakes = Vec::new();
    words::check_reason("/reason", &offer.reason, &mut mistakes);
    let at = words::check_time(offer.occurred_at, work.now(), &mut mistakes);
    let (mut case, stage) = super::case_to_move(work, *input.path, input.if_match, mistakes, at).await?;
    super::require_mover(&super::actor(work).await?, &case)?;
    let to = offer.to_staff_id;
    stage.offer(to).map_err(|refusal| super::not_allowed(&refusal))?.put_into(&mut case);
    if to == case.handler_id {
        return Err(Problem::field("/to_staff_id", "they handle the case already").into());
    }
    super::require_colleague(work, "/to_staff_id", to).await?;
    if !storage::staff::reaches(work, to, case.customer_id).await? {
        let detail =
            "they work for no unit that sees this customer; add a serving unit, or offer it to another";
        return Err(Problem::field("/to_staff_id", detail).into());
    }
    if case.hand_overs.len() >= MOST_OFFERS {
        let detail = format!("a case is offered at most {MOST_OFFERS} times; resolve it where it is");
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    case.hand_overs.push(HandOver {
        id: work.new_id(),
        from_staff_id: case.handler_id,
        to_staff_id: to,
        occurred_at: at,
        reason: Some(offer.reason.clone()),
        state: HandOverState::Offered,
        answered_at: None,
        decline_reason: None,
    });
    storage::case::put(work, &case).await?;
    super::put_on_timeline(work, &case, TimelineKind::CaseOffered, at).await?;
    work.tell::<CaseOffered>(case.customer_id, case.revision, at, &super::moved(&case, at))?;
    work.audit("case.offer", case.customer_id, Some(&format!("{}: {}", case.id, offer.reason)))?;
    Ok(case)
}
