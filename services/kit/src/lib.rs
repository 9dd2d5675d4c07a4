//! How a service runs: everything that is the same in every service, and no business noun.
//!
//! A service is *declared* as a [`Service`]: its migrations, routes, reactions and jobs. This crate runs
//! the declaration: database, outbox and relay, inbox, HTTP with authentication and limits, telemetry,
//! and an orderly end. The guarantee that everything here serves: what was acknowledged is durable,
//! delivery is at least once, the effect is exactly once.

pub mod announce;
pub mod arrivals;
pub mod audit;
pub mod auth;
pub mod batch;
pub mod bus;
pub mod client;
pub mod clock;
pub mod command;
pub mod config;
pub mod csv;
pub mod db;
pub mod error;
pub mod export;
mod housekeeping;
pub mod http;
pub mod inbox;
pub mod lease;
pub mod lifecycle;
pub mod metrics;
pub mod migration;
pub mod openapi;
pub mod outbox;
pub mod reaction;
pub mod relay;
pub mod rows;
pub mod service;
pub mod telemetry;
pub mod work;

pub use config::Config;
pub use db::Db;
pub use error::{Error, Result};
pub use http::routes::{Download, Input, Routes};
pub use reaction::{Reactions, Received, Unknown};
pub use service::{Running, Runtime, Service};
pub use work::{Cause, Work};
