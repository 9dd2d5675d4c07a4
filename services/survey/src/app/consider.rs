//! Considers whether something that happened leads to an invitation: notes an occasion for each rule that says so.
//! Which of a customer's occasions wins is decided when they are due, so that events may come in any order.

use chrono::{DateTime, TimeDelta, Utc};
use kit::{Error, Result, Work};
use schema::{
    api::survey::InvitationTrigger,
    ids::{AnswerId, CaseId, CustomerId, EventId, OrgUnitId, PurchaseId},
};
use uuid::Uuid;

use crate::{
    domain::{draw, invitation},
    storage::{self, occasion::Occasion},
};

/// What happened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Happened {
    pub(crate) event: EventId,
    pub(crate) customer: CustomerId,
    pub(crate) case: Option<CaseId>,
    pub(crate) purchase: Option<PurchaseId>,
    pub(crate) unit: OrgUnitId,
    pub(crate) occurred_at: DateTime<Utc>,
}

/// Notes an occasion for each rule of the trigger, of each thing that happened. The customers are known.
pub(crate) async fn consider(work: &Work, trigger: InvitationTrigger, happened: &[Happened]) -> Result<()> {
    let now = work.now();
    let timely: Vec<&Happened> =
        happened.iter().filter(|what| invitation::is_timely(what.occurred_at, now)).collect();
    if timely.is_empty() {
        return Ok(());
    }
    let mut occasions = Vec::new();
    for (rule, terms) in storage::rule::of_trigger(work, trigger).await? {
        for what in &timely {
            let subject = what.case.map(CaseId::uuid).or(what.purchase.map(PurchaseId::uuid));
            if draw::is_drawn(terms.share, &rule, subject.unwrap_or(what.event.uuid())) {
                occasions.push(Occasion {
                    due_at: what.occurred_at + TimeDelta::minutes(terms.delay_minutes.into()),
                    ..occasion(**what, trigger, Some(rule.clone()))
                });
            }
        }
    }
    storage::occasion::add(work, &occasions).await
}

/// Notes that the customer shall be asked again about a low score: the case that followed it up was closed.
pub(crate) async fn ask_again(work: &mut Work, first: AnswerId, what: Happened) -> Result<()> {
    reference::customer::require(work, what.customer).await?;
    let Some(answer) = storage::answer::find(work, what.customer, first).await? else {
        return Err(Error::NotKnownYet(first.into()));
    };
    if !invitation::is_timely(what.occurred_at, work.now()) {
        return Ok(());
    }
    let one = Occasion {
        first_answer: Some(first),
        // The figure belongs to the unit whose score was low, whoever put it right.
        unit: answer.org_unit_id,
        purchase: answer.purchase_id,
        ..occasion(what, InvitationTrigger::Recovery, None)
    };
    storage::occasion::add(work, &[one]).await
}

/// The occasion; its id follows from what happened and from the rule, so that doing it again makes the same.
fn occasion(what: Happened, trigger: InvitationTrigger, rule: Option<String>) -> Occasion {
    let name = format!("invitation:{}", rule.as_deref().unwrap_or_default());
    Occasion {
        customer: what.customer,
        id: Uuid::new_v5(&what.event.uuid(), name.as_bytes()).into(),
        trigger,
        rule,
        case: what.case,
        purchase: what.purchase,
        unit: Some(what.unit),
        first_answer: None,
        occurred_at: what.occurred_at,
        due_at: what.occurred_at,
    }
}
