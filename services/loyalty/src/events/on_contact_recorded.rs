//! Customers and we were in contact: their profiles count it.

use kit::{Received, Result, Unknown, Work};
use schema::event::interaction::ContactRecorded;

use crate::app;

pub(super) async fn react(work: &mut Work, events: Vec<Received<ContactRecorded>>) -> Result<Unknown> {
    app::keep_contact::keep_contacts(work, events).await
}
