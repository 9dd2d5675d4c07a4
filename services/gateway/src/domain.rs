//! What is true without a database or a network: the row of the view, its tokens, ids and cursors.

pub(crate) mod announcement;
pub(crate) mod backoff;
pub(crate) mod consistency;
pub(crate) mod contact;
pub(crate) mod cursor;
pub(crate) mod global_id;
pub(crate) mod ingestion;
pub(crate) mod row;
