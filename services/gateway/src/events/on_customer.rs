//! A customer was registered or changed: kind, status and units come straight from the event, so that
//! access narrows at once; the file itself is fetched.

use kit::{Received, Result, Work};
use schema::{api::section::Section, event::customer::CustomerState};

use crate::app;

pub(super) async fn on_customer(work: &mut Work, event: Received<CustomerState>) -> Result<()> {
    app::keep_reference::keep_reference(work, &event.data, event.revision).await?;
    app::mark_stale::mark_stale(work, event.data.customer_id, Section::File, event.revision).await
}
