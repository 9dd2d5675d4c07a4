//! Follows a low score up: somebody who answers for the customer gets a case, so that no unhappy answer is
//! only a figure.
//!
//! Who: whoever answers for the case that the answer is about; else whoever sold what it is about; else
//! whoever had the customer's last contact in the unit; else somebody on duty there, see
//! [`storage::staff::on_duty`]. Of each, whoever took over if they left.

use chrono::TimeDelta;
use kit::{Error, Received, Result, Work};
use schema::{
    api::interaction::{Case, CasePath, CaseState, PurchasePath, Severity, TimelineKind},
    event::{CaseOpened, survey::AnswerReceived},
    ids::{OrgUnitId, StaffId},
};
use uuid::Uuid;

use crate::{
    domain::{outreach::IN_TIME, standard, timeline::step_id},
    storage,
};

/// What such a case is about, as a code.
const TOPIC: &str = "low-score";
/// How long after the answer it is due: a customer who says that they suffer hears from us within two days.
const WITHIN: TimeDelta = TimeDelta::days(2);
/// What a low score waits for as long as nobody who works for us is known here.
pub(crate) const SOMEBODY: Uuid = Uuid::from_u128(0x736f_6d65_626f_6479_5f61_745f_7761_726b);

/// Where the case of a low score comes up, and who answers for it; none for an answer that needs no case.
pub(super) async fn follower(work: &Work, answer: &AnswerReceived) -> Result<Option<(OrgUnitId, StaffId)>> {
    if answer.low != Some(true) || work.now() - answer.occurred_at > IN_TIME {
        return Ok(None);
    }
    whose(work, answer).await.map(Some)
}

/// Opens the case for whoever was found. The customer's revision was raised.
pub(super) async fn follow_up(
    work: &mut Work,
    event: &Received<AnswerReceived>,
    revision: i64,
    (org_unit_id, accountable): (OrgUnitId, StaffId),
) -> Result<()> {
    let answer = &event.data;
    let customer = answer.customer_id;
    if storage::case::follows_up(work, customer, answer.answer_id).await? {
        return Ok(());
    }
    let due_at = answer.occurred_at + WITHIN;
    let case = Case {
        id: super::derived(event.id, "case"),
        customer_id: customer,
        org_unit_id,
        contact_id: None,
        topic: TOPIC.to_owned(),
        severity: Severity::High,
        complaint: false,
        subject: None,
        answer_id: Some(answer.answer_id),
        recovered: None,
        score_before: None,
        score_after: None,
        gestures: Vec::new(),
        state: CaseState::Open,
        accountable_id: accountable,
        handler_id: accountable,
        offered_to_id: None,
        occurred_at: answer.occurred_at,
        due_at,
        standard: None,
        warn_at: Some(standard::warning(answer.occurred_at, due_at)),
        respond_by: None,
        respond_warn_at: None,
        response_escalation: None,
        responded_at: None,
        escalation: None,
        resolved_at: None,
        closed_at: None,
        outcome: None,
        resolution: None,
        reopened: 0,
        transfers: 0,
        bounced: false,
        ping_pong: false,
        hand_overs: Vec::new(),
        revision,
    };
    storage::case::add(work, &case).await?;
    let kind = TimelineKind::CaseOpened;
    super::put_by_system(work, &case, (step_id(event.id.uuid(), kind), kind), case.occurred_at).await?;
    work.tell::<CaseOpened>(customer, revision, case.occurred_at, &super::opened(&case))?;
    work.audit("case.follow_up", customer, Some(&format!("{}: {accountable}", case.id)))?;
    // What became of the customer may have come before the case.
    work.arrived(case.id);
    Ok(())
}

/// Where the case comes up, and who answers for it.
async fn whose(work: &Work, answer: &AnswerReceived) -> Result<(OrgUnitId, StaffId)> {
    let customer_id = answer.customer_id;
    let (mut unit, mut named) = (answer.org_unit_id, Vec::new());
    if let Some(case_id) = answer.case_id {
        let about = storage::case::find(work, CasePath { customer_id, case_id }).await?;
        let about = about.ok_or_else(|| Error::NotKnownYet(case_id.into()))?;
        unit = unit.or(Some(about.org_unit_id));
        named.push(about.accountable_id);
    }
    if let Some(purchase_id) = answer.purchase_id {
        // One that nobody recorded here tells nothing.
        let sold = storage::purchase::find(work, PurchasePath { customer_id, purchase_id }).await?;
        unit = unit.or(sold.as_ref().map(|sold| sold.org_unit_id));
        named.extend(sold.and_then(|sold| sold.staff_id));
    }
    let unit = match unit {
        Some(unit) => unit,
        None => storage::consent::home_unit(work, customer_id).await?,
    };
    named.extend(storage::contact::last_receiver(work, customer_id, unit).await?);
    for staff in named {
        let staff = storage::staff::stand_in(work, staff).await?;
        if storage::staff::is_active(work, staff).await? {
            return Ok((unit, staff));
        }
    }
    let on_duty = storage::staff::on_duty(work, unit).await?;
    Ok((unit, on_duty.ok_or(Error::NotKnownYet(SOMEBODY))?))
}
