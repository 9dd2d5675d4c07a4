//! Refuses a gesture that somebody else asked for, with a reason. Whoever could not give it cannot refuse it
//! either: it is for those above to decide.

use kit::{Input, Result, Work};
use schema::{
    api::interaction::{Gesture, RefuseGesture, TimelineKind},
    event::GestureDecided,
};

use super::gesture;
use crate::{
    domain::{gesture::Step, words},
    storage,
};

pub(crate) async fn refuse_gesture(work: &mut Work, input: Input<RefuseGesture>) -> Result<Gesture> {
    let reason = &input.body.reason;
    let mut mistakes = Vec::new();
    words::check_reason("/reason", reason, &mut mistakes);
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    let step = (Step::Refuse, at);
    let mut asked = gesture::gesture_to_move(work, *input.path, input.if_match, mistakes, step).await?;
    let giver = gesture::giver(work).await?;
    gesture::require_another(&asked, giver.staff)?;
    giver.require_limit(&asked)?;

    (asked.decided_by_id, asked.decided_at, asked.needs) = (Some(giver.staff), Some(at), None);
    asked.refusal = Some(reason.clone());
    storage::gesture::put(work, &asked).await?;
    gesture::put_on_timeline(work, &asked, TimelineKind::GestureRefused, at, None).await?;
    work.tell::<GestureDecided>(asked.customer_id, asked.revision, at, &gesture::moved(&asked, at))?;
    work.audit("gesture.refuse", asked.customer_id, Some(&format!("{}: {reason}", asked.id)))?;
    Ok(asked)
}
