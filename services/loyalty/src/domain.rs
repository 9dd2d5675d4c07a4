//! Pure rules: what a purchase earns, how points move, are held and expire, which tier they give, when a
//! customer runs out of something, and how customers are scored, counted and segmented.

pub(crate) mod account;
mod book;
pub(crate) mod hold;
pub(crate) mod label;
pub(crate) mod ledger;
pub(crate) mod lot;
pub(crate) mod month;
pub(crate) mod programme;
pub(crate) mod reason;
pub(crate) mod reckoning;
pub(crate) mod replenishment;
pub mod rfm;
pub mod segment;
pub(crate) mod standing;
pub(crate) mod tier;
