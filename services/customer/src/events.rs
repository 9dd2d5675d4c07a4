//! What the service reacts to: dealings that tell something about the customer.

mod on_contact_recorded;
mod on_purchase_recorded;

use kit::Reactions;
use schema::event::{ContactRecorded, PurchaseRecorded};

/// The table of reactions.
pub(crate) fn reactions() -> Reactions {
    Reactions::new()
        .on::<ContactRecorded>(|work, event| Box::pin(on_contact_recorded::react(work, event)))
        .on::<PurchaseRecorded>(|work, event| Box::pin(on_purchase_recorded::react(work, event)))
}
