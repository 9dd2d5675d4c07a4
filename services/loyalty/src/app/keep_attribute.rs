//! Keeps what segmentable attributes of customers are, unless something newer is held.

use kit::{Received, Result, Unknown, Work};
use schema::event::customer::AttributeState;

use super::{concerned::Concerned, membership};
use crate::storage;

pub(crate) async fn keep_attributes(
    work: &mut Work,
    events: Vec<Received<AttributeState>>,
) -> Result<Unknown> {
    let (events, unknown) =
        reference::customer::known(work, events, |state: &AttributeState| state.customer_id).await?;
    if events.is_empty() {
        return Ok(unknown);
    }
    let mut concerned = Concerned::revised(work, &events, |state| state.customer_id).await?;
    let told: Vec<_> = events.iter().map(|event| (&event.data, event.revision)).collect();
    let newer = storage::profile::keep::attributes(work, &told).await?;
    concerned.retain(|customer| newer.contains(&customer));
    membership::follow(work, &mut concerned).await?;
    Ok(unknown)
}
