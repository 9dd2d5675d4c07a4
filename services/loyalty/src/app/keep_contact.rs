//! Keeps that customers and we were in contact.

use kit::{Received, Result, Unknown, Work};
use schema::event::interaction::ContactRecorded;

use super::{concerned::Concerned, membership};
use crate::storage;

pub(crate) async fn keep_contacts(
    work: &mut Work,
    events: Vec<Received<ContactRecorded>>,
) -> Result<Unknown> {
    let (events, unknown) =
        reference::customer::known(work, events, |contact: &ContactRecorded| contact.customer_id).await?;
    if events.is_empty() {
        return Ok(unknown);
    }
    let mut concerned = Concerned::revised(work, &events, |contact| contact.customer_id).await?;
    storage::profile::keep::contacts(work, events.iter().map(|event| &event.data)).await?;
    storage::profile::recount_contacts(work, &concerned.ids()).await?;
    membership::follow(work, &mut concerned).await?;
    Ok(unknown)
}
