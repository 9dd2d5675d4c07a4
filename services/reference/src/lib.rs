//! The small copy that a service keeps of what others own: the organisation, its staff, and a reference
//! of every customer without personal data. And what every service asks in the same way: the one predicate
//! that decides who is in scope, and the newest rows of several customers at once.
//!
//! The copy is made of state events: one older than what is held is skipped, so any order of arrival
//! ends in the same rows. A unit's `path` is derived from its ancestors in the same transaction; as long
//! as an ancestor has not arrived it is null, and nobody but those who see everything sees the unit.

pub mod batch;
mod events;
pub mod person;
pub mod storage;

use kit::Reactions;
pub use storage::{customer, newest, org_unit, scope, staff};

/// Adds the reactions that keep the organisation and its staff.
pub fn organisation(reactions: Reactions) -> Reactions {
    events::organisation(reactions)
}

/// Adds the reactions that keep the customer references.
pub fn customers(reactions: Reactions) -> Reactions {
    events::customers(reactions)
}
