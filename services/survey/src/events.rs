//! What the service reacts to: besides the references, whatever may lead to an invitation, and what is decided
//! about reaching customers.

mod on_case_closed;
mod on_outreach_granted;
mod on_outreach_held;
mod on_purchase_recorded;

use kit::Reactions;
use schema::event::{CaseClosed, OutreachGranted, OutreachHeld, PurchaseRecorded};

/// The table of reactions.
pub(crate) fn reactions() -> Reactions {
    reference::customers(reference::organisation(Reactions::new()))
        .on::<CaseClosed>(|work, event| Box::pin(on_case_closed::react(work, event)))
        .on_many::<PurchaseRecorded>(|work, events| Box::pin(on_purchase_recorded::react(work, events)))
        .on::<OutreachGranted>(|work, event| Box::pin(on_outreach_granted::react(work, event)))
        .on::<OutreachHeld>(|work, event| Box::pin(on_outreach_held::react(work, event)))
}
