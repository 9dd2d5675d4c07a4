//! The customer gave a gesture back. The ledger nets out by an entry of its own, which goes back to the budget
//! that the gift was taken from; what was given and what became of it stays on record.

use kit::{Error, Input, Result, Work};
use schema::{
    api::interaction::{Gesture, ReverseGesture, TimelineKind},
    event::GestureReversed,
    value::Minor,
};

use super::gesture;
use crate::{
    domain::{
        gesture::{RETURNED, Step},
        words,
    },
    storage,
};

pub(crate) async fn reverse_gesture(work: &mut Work, input: Input<ReverseGesture>) -> Result<Gesture> {
    let reason = &input.body.reason;
    let mut mistakes = Vec::new();
    words::check_reason("/reason", reason, &mut mistakes);
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    let step = (Step::Reverse, at);
    let mut given = gesture::gesture_to_move(work, *input.path, input.if_match, mistakes, step).await?;
    let lost = || Error::Fault("a gesture was given without an entry".into());
    let by = given.decided_by_id.ok_or_else(lost)?;
    let month = storage::gesture::month_of(work, *input.path).await?.ok_or_else(lost)?;

    let cost = -given.amount_minor.get();
    gesture::enter(work, &mut given, (by, Minor::new(cost)), at, &month).await?;
    given.outcome = Some(RETURNED.to_owned());
    storage::gesture::put(work, &given).await?;
    gesture::put_on_timeline(work, &given, TimelineKind::GestureReversed, at, Some(cost)).await?;
    work.tell::<GestureReversed>(given.customer_id, given.revision, at, &gesture::moved(&given, at))?;
    work.audit("gesture.reverse", given.customer_id, Some(&format!("{}: {reason}", given.id)))?;
    Ok(given)
}
