//! Counts an attempt of ours to reach a customer, so that the file shows on which channels they answer.

use kit::{Error, Received, Result, Work};
use schema::event::{CustomerChanged, interaction::ContactRecorded};

use crate::{domain::channel, storage};

/// A contact that was no attempt, or of which nobody knows whether it was answered, counts nowhere.
pub(crate) async fn count_contact(work: &mut Work, event: &Received<ContactRecorded>) -> Result<()> {
    let contact = &event.data;
    let Some(is_answered) = channel::attempt(contact) else {
        return Ok(());
    };
    // Whoever records a contact learned of the customer from us, so this one is known, unless our database is an
    // older copy of itself.
    if storage::customer::find(work, contact.customer_id).await?.is_none() {
        return Err(Error::NotKnownYet(contact.customer_id.into()));
    }
    let file = super::file_to_change(work, contact.customer_id, None).await?;
    storage::channel_usage::count(work, file.id, contact.channel, is_answered).await?;
    work.tell::<CustomerChanged>(
        file.id,
        file.revision,
        event.occurred_at,
        &storage::customer::state(&file),
    )?;
    Ok(())
}
