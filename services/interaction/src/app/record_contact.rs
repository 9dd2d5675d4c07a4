//! Records a contact with what was promised in it.

use chrono::{DateTime, Utc};
use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{
            Contact, ContactDirection, NewContact, Promise, PromiseState, RecordContact, TimelineEntry,
            TimelineKind,
        },
        problem::{FieldError, Problem},
    },
    event::{ContactRecorded, interaction as told},
    ids::StaffId,
};

use crate::{domain::words, storage};

pub(crate) async fn record_contact(work: &mut Work, input: Input<RecordContact>) -> Result<Contact> {
    let (customer, new) = (input.path.customer_id, input.body.as_ref());
    let (occurred_at, promise) = checked(new, work.now())?;
    reference::customer::require(work, customer).await?;
    super::require_unit(work, new.org_unit_id).await?;
    let staff_id = receiver(work, new).await?;
    let promise = match promise {
        Some(promise) => Some(promised(work, promise, staff_id).await?),
        None => None,
    };

    let revision = work.revise(customer, input.if_match).await?;
    let contact = Contact {
        id: work.new_id(),
        customer_id: customer,
        org_unit_id: new.org_unit_id,
        staff_id,
        channel: new.channel,
        direction: new.direction,
        phase: new.phase,
        occurred_at,
        topic: new.topic.clone(),
        notes: new.notes.clone(),
        outcome: new.outcome.clone(),
        answered: new.answered,
        promise,
        revision,
    };
    storage::contact::add(work, &contact).await?;
    storage::timeline::add(work, customer, &entry(&contact)).await?;
    if let Some(promise) = &contact.promise {
        let (kind, by) = (TimelineKind::PromiseMade, promise.staff_id);
        super::put_promise_on_timeline(work, &contact, kind, occurred_at, by).await?;
    }
    work.tell::<ContactRecorded>(customer, revision, occurred_at, &recorded(&contact))?;
    work.audit("contact.record", customer, Some(&contact.id.to_string())).await?;
    Ok(contact)
}

/// When it was, and the promise as it will stand, when everything is right.
fn checked(new: &NewContact, now: DateTime<Utc>) -> Result<(DateTime<Utc>, Option<Promise>), Problem> {
    let mut mistakes = Vec::new();
    let occurred_at = words::check_time(Some(new.occurred_at), now, &mut mistakes);
    words::check_code("/topic", &new.topic, &mut mistakes);
    words::check_note("/notes", new.notes.as_deref(), &mut mistakes);
    if let Some(outcome) = &new.outcome {
        words::check_code("/outcome", outcome, &mut mistakes);
    }
    if new.answered.is_some() && new.direction == ContactDirection::Inbound {
        let detail = "only a contact that we began can go unanswered; leave it out";
        mistakes.push(FieldError { pointer: "/answered".to_owned(), detail: detail.to_owned() });
    }
    let promise = new.promise.as_ref().map(|promise| {
        words::check_code("/promise/what", &promise.what, &mut mistakes);
        words::check_note("/promise/notes", promise.notes.as_deref(), &mut mistakes);
        Promise {
            what: promise.what.clone(),
            notes: promise.notes.clone(),
            staff_id: promise.staff_id,
            due_at: words::check_due("/promise/due_at", promise.due_at, occurred_at, &mut mistakes),
            state: PromiseState::Open,
            settled_at: None,
            breached: false,
        }
    });
    if mistakes.is_empty() { Ok((occurred_at, promise)) } else { Err(Problem::fields(mistakes)) }
}

/// Who had the contact. Accountability follows from it, so nobody but a manager puts it on another.
async fn receiver(work: &Work, new: &NewContact) -> Result<Option<StaffId>> {
    let actor = super::actor(work).await?;
    let Some(staff) = new.staff_id else { return Ok(actor.staff) };
    if !actor.is_manager && !actor.is(staff) {
        let detail = "only a manager records a contact for somebody else; leave it out to record your own";
        return Err(Problem::field("/staff_id", detail).into());
    }
    super::require_colleague(work, "/staff_id", staff).await?;
    Ok(Some(staff))
}

async fn promised(work: &Work, promise: Promise, receiver: Option<StaffId>) -> Result<Promise> {
    if let Some(staff) = promise.staff_id {
        super::require_colleague(work, "/promise/staff_id", staff).await?;
    }
    Ok(Promise { staff_id: promise.staff_id.or(receiver), ..promise })
}

fn entry(contact: &Contact) -> TimelineEntry {
    let (id, at) = (contact.id.into(), contact.occurred_at);
    TimelineEntry {
        channel: Some(contact.channel),
        staff_id: contact.staff_id,
        contact_id: Some(contact.id),
        ..TimelineEntry::new(id, TimelineKind::Contact, at, contact.org_unit_id)
    }
}

fn recorded(contact: &Contact) -> told::ContactRecorded {
    told::ContactRecorded {
        contact_id: contact.id,
        customer_id: contact.customer_id,
        org_unit_id: contact.org_unit_id,
        staff_id: contact.staff_id,
        channel: contact.channel,
        direction: contact.direction,
        phase: contact.phase,
        occurred_at: contact.occurred_at,
        topic: contact.topic.clone(),
        outcome: contact.outcome.clone(),
        promise_due_at: contact.promise.as_ref().map(|promise| promise.due_at),
        answered: contact.answered,
    }
}
