//! The table of reactions.

mod on_contact_recorded;
mod on_purchase_recorded;

use kit::Reactions;
use schema::event::{ContactRecorded, PurchaseRecorded};

/// Everything that the service reacts to.
pub(crate) fn reactions() -> Reactions {
    Reactions::new()
        .on::<ContactRecorded>(|work, event| Box::pin(on_contact_recorded::react(work, event)))
        .on::<PurchaseRecorded>(|work, event| Box::pin(on_purchase_recorded::react(work, event)))
}
