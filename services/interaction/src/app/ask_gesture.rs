//! Asks for a gesture. Within the authority of whoever asks it is given at once; above it, it waits for
//! somebody who may. It needs no purchase and no receipt.

use chrono::{DateTime, Utc};
use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{AskGesture, CasePath, Gesture, GestureState, NewGesture, TimelineKind},
        problem::{FieldError, Problem},
    },
    event::GestureDecided,
    ids::CustomerId,
    value::Minor,
};

use super::gesture;
use crate::{
    domain::{gesture::MOST, words},
    storage,
};

pub(crate) async fn ask_gesture(work: &mut Work, input: Input<AskGesture>) -> Result<Gesture> {
    let (customer, new) = (input.path.customer_id, input.body.as_ref());
    let at = checked(new, work.now())?;
    reference::customer::require(work, customer).await?;
    reference::org_unit::require(work, new.org_unit_id, "/org_unit_id").await?;
    require_case(work, customer, new).await?;
    let giver = gesture::giver(work).await?;

    let revision = work.revise(customer, input.if_match).await?;
    let mut asked = Gesture {
        id: work.new_id(),
        customer_id: customer,
        org_unit_id: new.org_unit_id,
        case_id: new.case_id,
        amount_minor: new.amount_minor,
        currency: new.currency.clone(),
        reason: new.reason.clone(),
        notes: new.notes.clone(),
        state: GestureState::Escalated,
        asked_by_id: giver.staff,
        occurred_at: at,
        needs: None,
        decided_by_id: None,
        decided_at: None,
        refusal: None,
        outcome: None,
        net_minor: Minor::new(0),
        entries: Vec::new(),
        revision,
    };
    let kind = match giver.month(work, new.amount_minor, &new.currency).await? {
        Ok(month) => {
            asked.state = GestureState::Approved;
            gesture::give(work, &mut asked, giver.staff, at, &month).await?;
            TimelineKind::GestureGiven
        }
        Err(beyond) => {
            asked.needs = beyond.needs;
            TimelineKind::GestureEscalated
        }
    };
    storage::gesture::put(work, &asked).await?;
    let cost = (kind == TimelineKind::GestureGiven).then_some(asked.amount_minor.get());
    gesture::put_on_timeline(work, &asked, kind, at, cost).await?;
    work.tell::<GestureDecided>(customer, revision, at, &gesture::moved(&asked, at))?;
    work.audit("gesture.ask", customer, Some(&asked.id.to_string()))?;
    Ok(asked)
}

/// When it was asked for, when everything is right.
fn checked(new: &NewGesture, now: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    let mut mistakes = Vec::new();
    let at = words::check_time(new.occurred_at, now, &mut mistakes);
    if !(1..=MOST).contains(&new.amount_minor.get()) {
        let detail = format!("a gesture costs 1 to {MOST} minor units");
        mistakes.push(FieldError { pointer: "/amount_minor".to_owned(), detail });
    }
    words::check_code("/reason", &new.reason, &mut mistakes);
    words::check_note("/notes", new.notes.as_deref(), &mut mistakes);
    if mistakes.is_empty() { Ok(at) } else { Err(Problem::fields(mistakes)) }
}

async fn require_case(work: &Work, customer_id: CustomerId, new: &NewGesture) -> Result<()> {
    let Some(case_id) = new.case_id else { return Ok(()) };
    if storage::case::find(work, CasePath { customer_id, case_id }).await?.is_some() {
        return Ok(());
    }
    Err(Problem::field("/case_id", "the customer has no case with this id").into())
}
