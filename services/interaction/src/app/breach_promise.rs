//! Charges a promise whose time is over to whoever was to keep it. Doing it again does nothing.

use chrono::{DateTime, Utc};
use kit::{Result, Work};
use schema::{
    api::interaction::{Contact, ContactPath, TimelineKind},
    event::{PromiseBreached, interaction as told},
};

use crate::{domain::promise, storage};

/// `true` when the promise was charged by this, `false` when there is nothing to do any more.
pub(crate) async fn breach_promise(work: &mut Work, path: ContactPath, at: DateTime<Utc>) -> Result<bool> {
    let revision = work.revise(path.customer_id, None).await?;
    let Some(mut contact) = storage::contact::find(work, path).await? else { return Ok(false) };
    contact.revision = revision;
    charge_late(work, &mut contact, at).await
}

/// Charges the promise of a contact if its time was over at `at` and that was not seen to; `true` when it was.
/// One that nobody is to keep is charged to nobody, and told all the same.
pub(super) async fn charge_late(work: &mut Work, contact: &mut Contact, at: DateTime<Utc>) -> Result<bool> {
    let Some(promise) = contact.promise.as_mut().filter(|promise| promise::is_late(promise, at)) else {
        return Ok(false);
    };
    promise.breached = true;
    let (what, staff_id, due_at) = (promise.what.clone(), promise.staff_id, promise.due_at);
    let (customer_id, contact_id) = (contact.customer_id, contact.id);
    storage::contact::breached(work, ContactPath { customer_id, contact_id }, due_at).await?;
    if let Some(staff) = staff_id {
        storage::breach::charge_promise(work, contact, staff, due_at).await?;
    }
    super::put_promise_on_timeline(work, contact, TimelineKind::PromiseBreached, due_at, None).await?;
    let whose = staff_id.map_or_else(|| "nobody".to_owned(), |staff| staff.to_string());
    work.audit("promise.breach", customer_id, Some(&format!("{contact_id}: {whose}")))?;
    if super::is_current(work, due_at) {
        let org_unit_id = contact.org_unit_id;
        let data = told::PromiseBreached { contact_id, customer_id, org_unit_id, what, staff_id, due_at };
        work.tell::<PromiseBreached>(customer_id, contact.revision, due_at, &data)?;
    }
    Ok(true)
}
