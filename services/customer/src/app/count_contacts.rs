//! Counts attempts of ours to reach customers, so that their files show on which channels they answer.

use kit::{Received, Result, Work};
use schema::event::interaction::ContactRecorded;

use crate::{
    domain::channel,
    storage::{self, channel_usage::Counts},
};

/// A contact that was no attempt, or of which nobody knows whether it was answered, counts nowhere. The customers are
/// known.
pub(crate) async fn count_contacts(work: &mut Work, events: &[Received<ContactRecorded>]) -> Result<()> {
    let mut counts = Counts::new();
    let mut attempts = Vec::new();
    for event in events {
        let contact = &event.data;
        let Some(is_answered) = channel::attempt(contact) else { continue };
        let (tried, answered) = counts.entry((contact.customer_id, contact.channel)).or_default();
        *tried += 1;
        *answered += i32::from(is_answered);
        attempts.push((contact.customer_id, event));
    }
    // Before anything is written: the revisions keep other writers of these customers away.
    super::tell_each_changed(work, &attempts, |event| event.occurred_at).await?;
    storage::channel_usage::count(work, &counts).await
}
