//! Contacts were recorded: before a sale one makes a prospect, and whether the customer answered says on which
//! channels they can be reached.

use kit::{Received, Result, Unknown, Work};
use schema::event::interaction::ContactRecorded;

use crate::app;

pub(super) async fn react(work: &mut Work, events: Vec<Received<ContactRecorded>>) -> Result<Unknown> {
    let (events, unknown) = app::known(work, events, |contact: &ContactRecorded| contact.customer_id).await?;
    app::count_contacts::count_contacts(work, &events).await?;
    app::advance_stage::contacted(work, &events).await?;
    Ok(unknown)
}
