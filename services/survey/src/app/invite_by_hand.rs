//! Invites a customer by hand, by a rule that allows it.

use chrono::TimeDelta;
use kit::{Input, Result, Work};
use schema::api::{
    problem::{Code, Problem},
    survey::{Invitation, InvitationTrigger, Invite},
};

use super::invite;
use crate::storage;

pub(crate) async fn invite_by_hand(work: &mut Work, input: Input<Invite>) -> Result<Invitation> {
    let (customer, new) = (input.path.customer_id, &input.body);
    let terms = storage::rule::find(work, &new.rule).await?;
    let Some(terms) = terms.filter(|one| one.active && one.trigger == InvitationTrigger::Manual) else {
        return Err(Problem::field("/rule", "no active rule of this code has the trigger `manual`").into());
    };
    reference::customer::require(work, customer).await?;
    super::require_unit(work, new.org_unit_id).await?;

    let revision = work.revise(customer, input.if_match).await?;
    let since = work.now() - TimeDelta::days(terms.cooling_off_days.into());
    if storage::invitation::is_invited_since(work, customer, since).await? {
        let days = terms.cooling_off_days;
        let detail =
            format!("the customer was invited within the last {days} days; wait until they are over");
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    let kept = invite::by_terms(work, customer, work.new_id(), &new.rule, &terms).await?;
    let Some(mut kept) = kept else {
        return Err(Problem::field("/rule", "the questionnaire of this rule is gone").into());
    };
    kept.shown.revision = revision;
    kept.shown.case_id = new.case_id;
    kept.shown.purchase_id = new.purchase_id;
    kept.shown.org_unit_id = new.org_unit_id;
    invite::propose(work, &kept).await?;
    work.audit("invitation.propose", customer, Some(&new.rule))?;
    Ok(kept.shown)
}
