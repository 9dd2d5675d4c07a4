//! One binary for all tests across services: linking dominates, so there is one.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod action_plan;
mod answers_again;
mod architecture;
mod bad_input;
mod bad_week;
mod batches;
mod breaches;
mod bus;
mod cases;
mod commands;
mod company;
mod complaints;
mod consent;
mod contacts;
mod containers;
mod desk;
mod export;
mod facts_told;
mod front_office;
mod gestures;
mod graphql_commands;
mod graphql_reads;
mod household;
mod import;
mod ingestion;
mod issuer;
mod journey;
mod lots;
mod low_score;
mod masks;
mod mutations;
mod observations;
mod outlets;
mod outreach;
mod outreach_notices;
mod points;
mod profile;
mod profile_row;
mod programme;
mod relationships;
mod replenishment;
mod scope;
mod scores;
mod search;
mod segments;
mod service_levels;
mod shunting;
mod staff_leave;
mod staff_left;
mod staff_tokens;
mod stage_lapse;
mod survey;
mod tasks;
mod timeline;
mod view;
mod working_time;

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
