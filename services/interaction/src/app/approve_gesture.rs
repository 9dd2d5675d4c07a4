//! Gives a gesture that somebody else asked for, out of the authority of whoever approves. Above that it
//! stays escalated, and the refusal says whose authority covers it.

use kit::{Input, Result, Work};
use schema::{
    api::interaction::{ApproveGesture, Gesture, TimelineKind},
    event::GestureDecided,
};

use super::gesture;
use crate::{
    domain::{gesture::Step, words},
    storage,
};

pub(crate) async fn approve_gesture(work: &mut Work, input: Input<ApproveGesture>) -> Result<Gesture> {
    let mut mistakes = Vec::new();
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    let step = (Step::Approve, at);
    let mut asked = gesture::gesture_to_move(work, *input.path, input.if_match, mistakes, step).await?;
    let giver = gesture::giver(work).await?;
    gesture::require_another(&asked, giver.staff)?;
    let month = giver.month(work, asked.amount_minor, &asked.currency).await?;
    let month = month.map_err(|beyond| gesture::beyond(&beyond))?;

    gesture::give(work, &mut asked, giver.staff, at, &month).await?;
    storage::gesture::put(work, &asked).await?;
    let cost = Some(asked.amount_minor.get());
    gesture::put_on_timeline(work, &asked, TimelineKind::GestureGiven, at, cost).await?;
    work.tell::<GestureDecided>(asked.customer_id, asked.revision, at, &gesture::moved(&asked, at))?;
    work.audit("gesture.approve", asked.customer_id, Some(&asked.id.to_string()))?;
    Ok(asked)
}
