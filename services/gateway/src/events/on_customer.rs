//! Customers were registered or changed: kind, status and units come straight from the event, so that
//! access narrows at once; the files themselves are fetched.

use kit::{Received, Result, Unknown, Work};
use schema::{api::section::Section, event::customer::CustomerState};

use crate::app;

pub(super) async fn on_customer(work: &mut Work, events: Vec<Received<CustomerState>>) -> Result<Unknown> {
    let states: Vec<_> = events.iter().map(|event| (&event.data, event.revision)).collect();
    app::keep_reference::keep_references(work, &states).await?;
    app::mark_stale::mark_stale(work, Section::File, &events).await?;
    Ok(Unknown::new())
}
