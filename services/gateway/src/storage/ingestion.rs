//! Sources of tracked messages, the messages, and who is meant by them.

pub(crate) mod count;
pub(crate) mod link;
pub(crate) mod message;
pub(crate) mod refused;
pub(crate) mod source;
