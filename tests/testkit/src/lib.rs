//! What tests share: a place of its own for each test (databases, a namespace on the broker, a data
//! directory), suites started in this process or as processes, people with tokens, and a trace
//! collector. Nothing here stands in for a server: tests run against the real ones.
//!
//! This crate is linked by tests only, so it may panic: a panic is a failed test.

#![expect(clippy::expect_used, reason = "a test kit fails by panicking")]
#![expect(clippy::missing_panics_doc, reason = "everything here panics when the test cannot go on")]

pub mod backing;
pub mod collector;
pub mod eventually;
pub mod graphql;
pub mod issuer;
pub mod person;
pub mod place;
pub mod process;
mod server;
pub mod suite;

pub use eventually::eventually;
pub use person::Person;
pub use place::{Mode, Place};
pub use suite::Suite;
