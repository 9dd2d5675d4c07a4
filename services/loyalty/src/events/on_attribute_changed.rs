//! Attributes of customers changed: their profiles follow.

use kit::{Received, Result, Unknown, Work};
use schema::event::customer::AttributeState;

use crate::app;

pub(super) async fn react(work: &mut Work, events: Vec<Received<AttributeState>>) -> Result<Unknown> {
    app::keep_attribute::keep_attributes(work, events).await
}
