//! Anything else that happened to a customer: the section of the service that tells it is stale.

use kit::{Received, Result, Work};
use schema::{api::section::Section, event::Event, ids::CustomerId};

use crate::app;

pub(super) async fn on_fact<E: Event>(work: &mut Work, event: Received<E::Data>) -> Result<()> {
    let Some(section) = Section::of(E::DECLARATION.publisher) else { return Ok(()) };
    let customer = CustomerId::from(event.subject);
    app::mark_stale::mark_stale(work, customer, section, event.revision).await
}
