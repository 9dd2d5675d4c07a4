//! Pure rules: what a purchase earns, how points move and are held, which tier they give, and how customers
//! are scored and counted.

pub(crate) mod account;
pub(crate) mod hold;
pub(crate) mod ledger;
pub(crate) mod month;
pub(crate) mod programme;
pub(crate) mod reason;
pub mod rfm;
pub(crate) mod tier;
