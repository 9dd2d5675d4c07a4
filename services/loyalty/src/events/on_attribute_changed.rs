//! A segmentable attribute changed: the profile follows.

use kit::{Received, Result, Work};
use schema::event::customer::AttributeState;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<AttributeState>) -> Result<()> {
    app::keep_attribute::keep_attribute(work, &event).await
}
