//! What the service reacts to, besides the references that every service keeps.

mod on_replenishment_due;

use kit::Reactions;
use schema::event::ReplenishmentDue;

/// The table of reactions.
pub(crate) fn reactions() -> Reactions {
    reference::customers(reference::organisation(Reactions::new()))
        .on::<ReplenishmentDue>(|work, event| Box::pin(on_replenishment_due::react(work, event)))
}
