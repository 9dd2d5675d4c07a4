//! Pure rules: codes, names, contact points, relationships, attributes, containers,
//! how well a customer is known.

pub(crate) mod attribute;
pub(crate) mod code;
pub(crate) mod completeness;
pub(crate) mod contact;
pub(crate) mod container;
pub(crate) mod day;
pub(crate) mod person;
pub(crate) mod relationship;
