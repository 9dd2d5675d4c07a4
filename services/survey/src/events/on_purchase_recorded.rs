//! Purchases were recorded: the customers may be asked how they went.

use kit::{Received, Result, Unknown, Work};
use schema::{api::survey::InvitationTrigger, event::interaction::PurchaseRecorded};

use crate::app::consider::{self, Happened};

pub(super) async fn react(work: &mut Work, events: Vec<Received<PurchaseRecorded>>) -> Result<Unknown> {
    let (events, unknown) =
        reference::customer::known(work, events, |purchase: &PurchaseRecorded| purchase.customer_id).await?;
    let happened = |event: &Received<PurchaseRecorded>| Happened {
        event: event.id,
        customer: event.data.customer_id,
        case: None,
        purchase: Some(event.data.purchase_id),
        unit: event.data.org_unit_id,
        occurred_at: event.data.occurred_at,
    };
    let happened: Vec<Happened> = events.iter().map(happened).collect();
    consider::consider(work, InvitationTrigger::Purchase, &happened).await?;
    Ok(unknown)
}
