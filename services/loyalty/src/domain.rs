//! Pure rules: what a purchase earns, how points move, and which tier they give.

pub(crate) mod account;
pub(crate) mod ledger;
pub(crate) mod programme;
pub(crate) mod tier;
