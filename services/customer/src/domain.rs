//! Pure rules: codes, names, contact points, relationships, attributes, containers,
//! how well a customer is known, what they allow us and how they want to be dealt with.

pub(crate) mod attribute;
pub(crate) mod brief;
pub(crate) mod channel;
pub(crate) mod code;
pub(crate) mod completeness;
pub(crate) mod consent;
pub(crate) mod contact;
pub(crate) mod container;
pub(crate) mod day;
pub(crate) mod person;
pub(crate) mod quiet;
pub(crate) mod relationship;
pub(crate) mod words;
