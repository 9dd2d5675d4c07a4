//! Opens a case. Whoever received the first contact answers for it to its end.

use chrono::{DateTime, Utc};
use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{
            Case, CasePath, CaseStandard, CaseState, ContactPath, NewCase, OpenCase, TimelineKind,
        },
        problem::{Code, Problem},
    },
    event::CaseOpened,
    ids::{CustomerId, StaffId},
};

use crate::{
    domain::{
        standard::{self, Times},
        words,
    },
    storage,
};

pub(crate) async fn open_case(work: &mut Work, input: Input<OpenCase>) -> Result<Case> {
    let path = CasePath { customer_id: input.path.customer_id, case_id: work.new_id() };
    open(work, path, &input.body, input.if_match).await
}

/// Opens the case with this id.
pub(super) async fn open(
    work: &mut Work,
    path: CasePath,
    new: &NewCase,
    if_match: Option<i64>,
) -> Result<Case> {
    let customer = path.customer_id;
    let (occurred_at, due_by_hand) = checked(new, work.now())?;
    reference::customer::require(work, customer).await?;
    reference::org_unit::require(work, new.org_unit_id, "/org_unit_id").await?;
    let accountable = accountable(work, customer, new).await?;

    let (standard, times) = times(work, new, occurred_at, due_by_hand).await?;

    let revision = work.revise(customer, if_match).await?;
    let case = Case {
        id: path.case_id,
        customer_id: customer,
        org_unit_id: new.org_unit_id,
        contact_id: new.contact_id,
        topic: new.topic.clone(),
        severity: new.severity,
        complaint: new.complaint,
        subject: new.subject.clone(),
        answer_id: None,
        recovered: None,
        score_before: None,
        score_after: None,
        gestures: Vec::new(),
        state: CaseState::Open,
        accountable_id: accountable,
        handler_id: accountable,
        offered_to_id: None,
        occurred_at,
        due_at: times.due_at,
        standard,
        warn_at: Some(times.warn_at),
        respond_by: times.respond_by,
        respond_warn_at: times.respond_warn_at,
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
    super::put_on_timeline(work, &case, TimelineKind::CaseOpened, occurred_at).await?;
    work.tell::<CaseOpened>(customer, revision, occurred_at, &super::opened(&case))?;
    // An answer about this case may have come before it.
    work.arrived(case.id);
    work.audit("case.open", customer, Some(&case.id.to_string()))?;
    Ok(case)
}

/// By when it is due, and the standard that this follows from, unless it is given by hand.
async fn times(
    work: &Work,
    new: &NewCase,
    occurred_at: DateTime<Utc>,
    due_by_hand: Option<DateTime<Utc>>,
) -> Result<(Option<CaseStandard>, Times)> {
    if let Some(due_at) = due_by_hand {
        let warn_at = standard::warning(occurred_at, due_at);
        return Ok((None, Times { respond_by: None, respond_warn_at: None, warn_at, due_at }));
    }
    let found = super::standard_times(work, new.org_unit_id, (&new.topic, new.severity), occurred_at).await?;
    let undefined =
        "there is no service standard for this topic and severity; give a due time, or have one set";
    let (standard, times) = found.ok_or_else(|| Problem::field("/due_at", undefined))?;
    Ok((Some(standard), times))
}

/// When it came up and by when it is due, if that is given, when everything is right.
fn checked(new: &NewCase, now: DateTime<Utc>) -> Result<(DateTime<Utc>, Option<DateTime<Utc>>), Problem> {
    let mut mistakes = Vec::new();
    let occurred_at = words::check_time(new.occurred_at, now, &mut mistakes);
    let due_at = new.due_at.map(|due_at| words::check_due("/due_at", due_at, occurred_at, &mut mistakes));
    words::check_code("/topic", &new.topic, &mut mistakes);
    words::check_note("/subject", new.subject.as_deref(), &mut mistakes);
    if mistakes.is_empty() { Ok((occurred_at, due_at)) } else { Err(Problem::fields(mistakes)) }
}

/// Who answers for it: whom a manager names, else whoever received the contact, else whoever opens it.
async fn accountable(work: &Work, customer: CustomerId, new: &NewCase) -> Result<StaffId> {
    let actor = super::actor(work).await?;
    let mut received = None;
    if let Some(contact_id) = new.contact_id {
        let contact = storage::contact::find(work, ContactPath { customer_id: customer, contact_id }).await?;
        let unknown = || Problem::field("/contact_id", "the customer has no contact with this id");
        // Whoever left is stood in for.
        if let Some(staff) = contact.ok_or_else(unknown)?.staff_id {
            received = Some(storage::staff::stand_in(work, staff).await?);
        }
    }
    let natural = received.or(actor.staff);
    if let Some(named) = new.accountable_id
        && natural != Some(named)
    {
        if !actor.is_manager {
            let detail = "only a manager names who is accountable; it is whoever received the first contact";
            return Err(Problem::new(Code::Forbidden, detail).into());
        }
        super::require_colleague(work, "/accountable_id", named).await?;
        return Ok(named);
    }
    let nobody = "your token names nobody who works for us, so somebody must be named here";
    natural.ok_or_else(|| Problem::field("/accountable_id", nobody).into())
}
