//! Pure rules: codes, names, contact points.

pub(crate) mod code;
pub(crate) mod contact;
pub(crate) mod person;
