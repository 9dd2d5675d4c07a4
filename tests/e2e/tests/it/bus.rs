//! The bus contract suite: what every implementation of the bus promises, shown on both.
//!
//! Most tests stand on services that are declared for them alone ([`stage`]), so that they speak of the
//! bus and not of a domain; the order of arrival is judged on the real reactions, and durability on the
//! real binary.

mod broker;
mod concurrency;
mod cut;
mod delivery;
mod durability;
mod facts;
mod order;
mod outage;
mod parking;
mod poison;
mod reactions;
mod relay;
mod restart;
pub(crate) mod sight;
mod speed;
mod stage;
