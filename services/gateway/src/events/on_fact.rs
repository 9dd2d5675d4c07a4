//! Anything else that happened to customers: the section of the service that tells it is stale.

use kit::{Received, Result, Unknown, Work};
use schema::{api::section::Section, event::Event};

use crate::app;

pub(super) async fn on_fact<E: Event<Data: Sync>>(
    work: &mut Work,
    events: Vec<Received<E::Data>>,
) -> Result<Unknown> {
    if let Some(section) = Section::of(E::DECLARATION.publisher) {
        app::mark_stale::mark_stale(work, section, &events).await?;
    }
    Ok(Unknown::new())
}
