//! Pure rules: what a purchase earns, how points move and are held, which tier they give, and how customers
//! are scored, counted and segmented.

pub(crate) mod account;
pub(crate) mod export;
pub(crate) mod hold;
pub(crate) mod label;
pub(crate) mod ledger;
pub(crate) mod month;
pub(crate) mod programme;
pub(crate) mod reason;
pub mod rfm;
pub mod segment;
pub(crate) mod tier;
