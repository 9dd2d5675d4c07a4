//! Decides what comes of an occasion whose time has come: an invitation, unless the customer was invited shortly
//! before, the occasion lies too far back, or its rule is gone. What is owed knows no cooling off.

use chrono::TimeDelta;
use kit::{Result, Work};
use schema::{
    api::{interaction::Channel, survey::Invitation},
    ids::{AnswerId, CustomerId, InvitationId},
};

use super::invite;
use crate::{
    domain::invitation,
    storage::{
        self,
        invitation::Kept,
        occasion::{self, Occasion, Outcome},
    },
};

/// How many days a low score can be answered about again.
const AGAIN_DAYS: i64 = 14;

/// `true` when the occasion is settled by this, `false` when it was settled meanwhile.
pub(crate) async fn propose(work: &mut Work, customer: CustomerId, id: InvitationId) -> Result<bool> {
    // The revision keeps another replica, and every other invitation of this customer, away.
    let revision = work.revise(customer, None).await?;
    let Some(one) = occasion::waiting(work, customer, id).await? else { return Ok(false) };
    let outcome = match decide(work, &one).await? {
        Err(outcome) => outcome,
        Ok(mut kept) => {
            kept.shown.revision = revision;
            kept.shown.case_id = one.case;
            kept.shown.purchase_id = one.purchase;
            kept.shown.org_unit_id = one.unit;
            kept.occurred_at = one.occurred_at;
            invite::propose(work, &kept).await?;
            Outcome::Invited
        }
    };
    occasion::settle(work, &one, outcome).await?;
    Ok(true)
}

/// The invitation, or why there is none.
async fn decide(work: &Work, one: &Occasion) -> Result<Result<Kept, Outcome>> {
    if !invitation::is_timely(one.occurred_at, work.now()) {
        return Ok(Err(Outcome::OutOfDate));
    }
    if let Some(first) = one.first_answer {
        return again(work, one, first).await;
    }
    let rule = one.rule.as_deref().unwrap_or_default();
    let terms = storage::rule::find(work, rule).await?;
    let Some(terms) = terms.filter(|terms| terms.active && terms.trigger == one.trigger) else {
        return Ok(Err(Outcome::NoRule));
    };
    let since = work.now() - TimeDelta::days(terms.cooling_off_days.into());
    if storage::invitation::is_invited_since(work, one.customer, since).await? {
        return Ok(Err(Outcome::CoolingOff));
    }
    let kept = invite::by_terms(work, one.customer, one.id, rule, &terms).await?;
    Ok(kept.ok_or(Outcome::NoRule))
}

/// The same question as before, by the same threshold.
async fn again(work: &Work, one: &Occasion, first: AnswerId) -> Result<Result<Kept, Outcome>> {
    if storage::invitation::is_asked_again(work, one.customer, first).await? {
        return Ok(Err(Outcome::AskedAlready));
    }
    let Some(answer) = storage::answer::find(work, one.customer, first).await? else {
        return Ok(Err(Outcome::NoRule));
    };
    let before = match answer.invitation_id {
        Some(before) => storage::invitation::find(work, one.customer, before).await?,
        None => None,
    };
    let shown = Invitation {
        instrument: Some(answer.instrument),
        owed: true,
        expires_at: work.now() + TimeDelta::days(AGAIN_DAYS),
        ..invite::blank(work, one.customer, one.id, one.trigger)
    };
    Ok(Ok(Kept {
        shown,
        first_answer: Some(first),
        low_at_most: before.as_ref().and_then(|before| before.low_at_most),
        language: before.as_ref().and_then(|before| before.language.clone()),
        channels: before
            .map_or_else(|| vec![Channel::Sms, Channel::Email, Channel::Messenger], |before| before.channels),
        occurred_at: one.occurred_at,
        reminder_after_days: None,
        reminders_most: 1,
        remind_at: None,
        draft: Default::default(),
    }))
}
