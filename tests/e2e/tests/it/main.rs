//! One binary for all tests across services: linking dominates, so there is one.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod architecture;
mod bad_input;
mod bus;
mod cases;
mod commands;
mod company;
mod consent;
mod contacts;
mod containers;
mod desk;
mod front_office;
mod household;
mod issuer;
mod journey;
mod masks;
mod observations;
mod outlets;
mod points;
mod profile;
mod relationships;
mod scope;
mod scores;
mod search;
mod shunting;
mod staff_leave;
mod survey;
mod view;

/// Makes two tests of one: on SQLite and the local bus, and on PostgreSQL and RabbitMQ.
macro_rules! on_both {
    ($(#[$attribute:meta])* $name:ident, $test:path) => {
        mod $name {
            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn embedded() {
                testkit::Place::with(testkit::Mode::Embedded, $test).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn brokered() {
                testkit::Place::with(testkit::Mode::Brokered, $test).await;
            }
        }
    };
}
pub(crate) use on_both;
