//! What the service reacts to. Of customers it keeps the reference, as every service does, and the account.

mod on_customer_changed;
mod on_customer_registered;
mod on_purchase_recorded;
mod on_purchase_returned;

use kit::Reactions;
use schema::event::{CustomerChanged, CustomerRegistered, PurchaseRecorded, PurchaseReturned};

/// The table of reactions.
pub(crate) fn reactions() -> Reactions {
    reference::organisation(Reactions::new())
        .on::<CustomerRegistered>(|work, event| Box::pin(on_customer_registered::react(work, event)))
        .on::<CustomerChanged>(|work, event| Box::pin(on_customer_changed::react(work, event)))
        .on::<PurchaseRecorded>(|work, event| Box::pin(on_purchase_recorded::react(work, event)))
        .on::<PurchaseReturned>(|work, event| Box::pin(on_purchase_returned::react(work, event)))
}
