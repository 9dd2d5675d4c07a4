//! Pure rules: what may be answered, and what a score makes of a customer.

pub(crate) mod answer;
pub(crate) mod nps;
