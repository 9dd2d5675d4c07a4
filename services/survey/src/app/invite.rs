//! What every invitation goes through, whatever leads to it: it is written and told, leave to reach the customer
//! is asked for, and its end is told. Nothing is sent before the leave is given.

use chrono::TimeDelta;
use kit::{Error, Result, Work};
use schema::{
    api::{
        customer::ConsentPurpose,
        survey::{Invitation, InvitationState, InvitationTerms, InvitationTrigger},
    },
    event::{
        InvitationCreated, InvitationSettled, OutreachProposed,
        survey::{self, InvitationMoved},
    },
    ids::{CustomerId, InvitationId},
};

use crate::{
    domain::invitation::{self, Step},
    storage::{
        self,
        invitation::Kept,
        outreach::{self, Outreach},
    },
};

/// An invitation by the terms of a rule; none when its questionnaire is gone. What it asks about is left open.
pub(super) async fn by_terms(
    work: &Work,
    customer: CustomerId,
    id: InvitationId,
    rule: &str,
    terms: &InvitationTerms,
) -> Result<Option<Kept>> {
    let mut version = None;
    if let Some(code) = &terms.questionnaire {
        version = storage::questionnaire::latest(work, code).await?;
        if version.is_none() {
            return Ok(None);
        }
    }
    let shown = Invitation {
        rule: Some(rule.to_owned()),
        instrument: terms.instrument,
        questionnaire: terms.questionnaire.clone(),
        version,
        phase: terms.phase.or(invitation::phase(terms.trigger)),
        expires_at: work.now() + TimeDelta::days(terms.expires_days.into()),
        ..blank(work, customer, id, terms.trigger)
    };
    Ok(Some(Kept {
        first_answer: None,
        low_at_most: terms.low_at_most,
        language: terms.language.clone(),
        channels: terms.channels.clone(),
        occurred_at: work.now(),
        reminder_after_days: terms.reminder_after_days,
        reminders_most: terms.reminders_most,
        remind_at: None,
        draft: Default::default(),
        shown,
    }))
}

/// An invitation that asks nothing yet.
pub(super) fn blank(
    work: &Work,
    customer: CustomerId,
    id: InvitationId,
    trigger: InvitationTrigger,
) -> Invitation {
    Invitation {
        id,
        customer_id: customer,
        state: InvitationState::Proposed,
        trigger,
        rule: None,
        instrument: None,
        questionnaire: None,
        version: None,
        owed: false,
        case_id: None,
        purchase_id: None,
        wave_id: None,
        org_unit_id: None,
        phase: invitation::phase(trigger),
        channel: None,
        not_before: None,
        held_because: None,
        proposed_at: work.now(),
        expires_at: work.now(),
        sent_at: None,
        reminders: 0,
        answer_id: None,
        settled_at: None,
        revision: 0,
    }
}

/// Writes the invitation, tells it, and asks for leave. The customer's revision was raised.
pub(super) async fn propose(work: &mut Work, kept: &Kept) -> Result<()> {
    storage::invitation::add(work, kept).await?;
    work.tell::<InvitationCreated>(
        kept.shown.customer_id,
        kept.shown.revision,
        work.now(),
        &moved(work, &kept.shown),
    )?;
    reach(work, kept).await
}

/// Asks for leave to send the invitation, or its latest reminder, which is its own cause.
pub(super) async fn reach(work: &mut Work, kept: &Kept) -> Result<()> {
    let shown = &kept.shown;
    let (customer, reminder) = (shown.customer_id, shown.reminders);
    let one = Outreach { id: outreach::id(shown.id, reminder), invitation: shown.id, reminder };
    outreach::add(work, customer, one).await?;
    let (reason, caused_at) = match (reminder, shown.trigger) {
        (0, InvitationTrigger::CaseClosed) => ("case-closed", kept.occurred_at),
        (0, InvitationTrigger::Purchase) => ("purchase", kept.occurred_at),
        (0, InvitationTrigger::Manual) => ("manual", kept.occurred_at),
        (0, InvitationTrigger::Wave) => ("wave", kept.occurred_at),
        (0, InvitationTrigger::Recovery) => ("recovery", kept.occurred_at),
        (_, _) => ("reminder", work.now()),
    };
    let proposed = survey::OutreachProposed {
        outreach_id: one.id,
        customer_id: customer,
        purpose: ConsentPurpose::Survey,
        channels: kept.channels.clone(),
        reason: reason.to_owned(),
        caused_at,
        expires_at: shown.expires_at,
        owed: shown.owed,
    };
    work.tell::<OutreachProposed>(customer, shown.revision, work.now(), &proposed)?;
    // Nobody can decide on it before, but a replay may deliver decisions first.
    work.arrived(one.id);
    Ok(())
}

/// Ends the invitation by this step, and tells its end. The customer's revision was raised.
pub(super) async fn settle(work: &mut Work, revision: i64, kept: &mut Kept, step: Step) -> Result<()> {
    kept.shown.state = invitation::after(kept.shown.state, step).map_err(super::refused)?;
    kept.shown.settled_at = Some(work.now());
    kept.shown.revision = revision;
    storage::invitation::keep(work, kept).await?;
    let settled = moved(work, &kept.shown);
    work.tell::<InvitationSettled>(kept.shown.customer_id, revision, work.now(), &settled)?;
    Ok(())
}

/// What others learn of it.
fn moved(work: &Work, shown: &Invitation) -> InvitationMoved {
    InvitationMoved {
        invitation_id: shown.id,
        customer_id: shown.customer_id,
        state: shown.state,
        instrument: shown.instrument,
        questionnaire: shown.questionnaire.clone(),
        case_id: shown.case_id,
        purchase_id: shown.purchase_id,
        wave_id: shown.wave_id,
        occurred_at: work.now(),
    }
}

/// The invitation of an outreach, whose row must be there.
pub(super) async fn of_outreach(work: &Work, customer: CustomerId, one: Outreach) -> Result<Kept> {
    let kept = storage::invitation::find(work, customer, one.invitation).await?;
    kept.ok_or_else(|| Error::Fault(format!("outreach {} has no invitation", one.id)))
}
