//! Pure rules: codes, names, contact points, relationships, attributes, containers,
//! how well a customer is known and how far they have come, what they allow us and how they want to be dealt
//! with, households, units and their places, staff.

pub(crate) mod attribute;
pub(crate) mod brief;
pub(crate) mod channel;
pub(crate) mod code;
pub(crate) mod completeness;
pub(crate) mod consent;
pub(crate) mod contact;
pub(crate) mod container;
pub(crate) mod day;
pub(crate) mod external_id;
pub(crate) mod household;
pub(crate) mod org_unit;
pub(crate) mod outlet;
pub(crate) mod person;
pub(crate) mod place;
pub(crate) mod quiet;
pub(crate) mod relationship;
pub(crate) mod staff;
pub(crate) mod stage;
pub(crate) mod words;
