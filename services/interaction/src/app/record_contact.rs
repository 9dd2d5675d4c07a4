//! Records a contact with what was promised in it.

use std::collections::{BTreeMap, BTreeSet};

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
    ids::{ContactId, CustomerId, OrgUnitId, StaffId},
};

use super::promise_step;
use crate::{
    domain::{case::Actor, words},
    storage,
};

pub(crate) async fn record_contact(work: &mut Work, input: Input<RecordContact>) -> Result<Contact> {
    let (customer, new) = (input.path.customer_id, input.body.as_ref());
    let checked = checked(new, work.now())?;
    reference::customer::require(work, customer).await?;
    let had = People::named_by(work, [new]).await?.decide(new, checked)?;

    let revision = work.revise(customer, input.if_match).await?;
    let contact = contact((customer, work.new_id(), revision), new, had);
    tell(work, &contact)?;
    keep(work, std::slice::from_ref(&contact)).await?;
    Ok(contact)
}

/// When it was, and what was promised.
pub(super) type Checked = (DateTime<Utc>, Option<Promise>);

/// What is settled about a contact once it is found right.
pub(super) struct Had {
    occurred_at: DateTime<Utc>,
    staff_id: Option<StaffId>,
    promise: Option<Promise>,
}

/// Whoever records contacts, and the units and people that these name.
pub(super) struct People {
    actor: Actor,
    units: BTreeSet<OrgUnitId>,
    staff: BTreeMap<StaffId, bool>,
}

impl People {
    pub(super) async fn named_by<'n>(
        work: &Work,
        contacts: impl IntoIterator<Item = &'n NewContact>,
    ) -> Result<Self> {
        let (mut units, mut staff) = (BTreeSet::new(), BTreeSet::new());
        for new in contacts {
            units.insert(new.org_unit_id);
            staff.extend(new.staff_id);
            staff.extend(new.promise.as_ref().and_then(|promise| promise.staff_id));
        }
        Ok(Self {
            actor: super::actor(work).await?,
            units: reference::org_unit::in_scope(work, units, &reference::org_unit::reach(work)).await?,
            staff: storage::staff::known(work, staff).await?,
        })
    }

    /// Who had the contact and who keeps the promise, when both may be named.
    pub(super) fn decide(&self, new: &NewContact, (occurred_at, promise): Checked) -> Result<Had, Problem> {
        if !self.units.contains(&new.org_unit_id) {
            return Err(reference::org_unit::out_of_reach("/org_unit_id"));
        }
        let staff_id = self.receiver(new)?;
        let promise = match promise {
            Some(promise) => Some(self.promised(promise, staff_id)?),
            None => None,
        };
        Ok(Had { occurred_at, staff_id, promise })
    }

    /// Who had the contact. Accountability follows from it, so nobody but a manager puts it on another.
    fn receiver(&self, new: &NewContact) -> Result<Option<StaffId>, Problem> {
        let Some(staff) = new.staff_id else { return Ok(self.actor.staff) };
        if !self.actor.is_manager && !self.actor.is(staff) {
            let detail =
                "only a manager records a contact for somebody else; leave it out to record your own";
            return Err(Problem::field("/staff_id", detail));
        }
        self.require_colleague("/staff_id", staff)?;
        Ok(Some(staff))
    }

    fn promised(&self, promise: Promise, receiver: Option<StaffId>) -> Result<Promise, Problem> {
        if let Some(staff) = promise.staff_id {
            self.require_colleague("/promise/staff_id", staff)?;
        }
        Ok(Promise { staff_id: promise.staff_id.or(receiver), ..promise })
    }

    fn require_colleague(&self, pointer: &str, staff: StaffId) -> Result<(), Problem> {
        if self.staff.get(&staff).copied().unwrap_or_default() { Ok(()) } else { Err(super::nobody(pointer)) }
    }
}

pub(super) fn contact(
    (customer_id, id, revision): (CustomerId, ContactId, i64),
    new: &NewContact,
    had: Had,
) -> Contact {
    Contact {
        id,
        customer_id,
        org_unit_id: new.org_unit_id,
        staff_id: had.staff_id,
        channel: new.channel,
        direction: new.direction,
        phase: new.phase,
        occurred_at: had.occurred_at,
        topic: new.topic.clone(),
        notes: new.notes.clone(),
        outcome: new.outcome.clone(),
        answered: new.answered,
        promise: had.promise,
        revision,
    }
}

/// Tells a contact.
pub(super) fn tell(work: &mut Work, contact: &Contact) -> Result<()> {
    let (customer, occurred_at) = (contact.customer_id, contact.occurred_at);
    work.tell::<ContactRecorded>(customer, contact.revision, occurred_at, &recorded(contact))?;
    Ok(())
}

/// Writes contacts with what was promised in them, and the audit.
pub(super) async fn keep(work: &Work, contacts: &[Contact]) -> Result<()> {
    storage::contact::add(work, contacts)?;
    let steps = contacts.iter().flat_map(|contact| {
        let (kind, at) = (TimelineKind::PromiseMade, contact.occurred_at);
        let made = |promise: &Promise| promise_step(work, contact, kind, at, promise.staff_id);
        let steps = [Some(entry(contact)), contact.promise.as_ref().map(made)];
        steps.into_iter().flatten().map(|step| (contact.customer_id, step))
    });
    storage::timeline::add_each(work, steps)?;
    let done = contacts.iter().map(|one| (one.customer_id.uuid(), Some(one.id.to_string())));
    work.audit_each("contact.record", done)
}

/// When it was, and the promise as it will stand, when everything is right.
pub(super) fn checked(new: &NewContact, now: DateTime<Utc>) -> Result<Checked, Problem> {
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
