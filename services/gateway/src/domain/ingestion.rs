//! Tracked messages: how they read, whose they are, and what they are to us.

pub(crate) mod amount;
pub(crate) mod mapping;
pub(crate) mod message;
pub(crate) mod order;
pub(crate) mod plan;
pub(crate) mod profile;
pub(crate) mod source;
pub(crate) mod time;
