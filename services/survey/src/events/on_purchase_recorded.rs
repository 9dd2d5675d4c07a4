//! A purchase was recorded: the customer may be asked how it went.

use kit::{Received, Result, Work};
use schema::{api::survey::InvitationTrigger, event::interaction::PurchaseRecorded};

use crate::app::consider::{self, Happened};

pub(super) async fn react(work: &mut Work, event: Received<PurchaseRecorded>) -> Result<()> {
    let purchase = &event.data;
    let what = Happened {
        event: event.id,
        customer: purchase.customer_id,
        case: None,
        purchase: Some(purchase.purchase_id),
        unit: purchase.org_unit_id,
        occurred_at: purchase.occurred_at,
    };
    consider::consider(work, InvitationTrigger::Purchase, what).await
}
