//! One binary for all tests across services: linking dominates, so there is one.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod bus;
