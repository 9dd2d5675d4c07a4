//! The table of reactions.

mod on_contact_recorded;
mod on_purchase_recorded;

use kit::Reactions;
use schema::event::{ContactRecorded, PurchaseRecorded};

/// Everything that the service reacts to.
pub(crate) fn reactions() -> Reactions {
    Reactions::new()
        .on_many::<ContactRecorded>(|work, events| Box::pin(on_contact_recorded::react(work, events)))
        .on_many::<PurchaseRecorded>(|work, events| Box::pin(on_purchase_recorded::react(work, events)))
}
