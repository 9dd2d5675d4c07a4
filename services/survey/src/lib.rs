//! The survey service: what customers think. It owns their answers, with their own words.
//!
//! Invariants: a score lies on the scale of its instrument; an answer is about a customer known here and,
//! when it names a unit, about one within the scope of whoever recorded it. An answer is kept as it was
//! given and never changed. What others are told of it holds the score, never the words.
//!
//! Customers are invited by rules, by hand and in waves; nothing is sent before the interaction service grants that
//! the customer may be reached, and nothing is sent by this service: channels fetch what may be sent. One
//! invitation at most is made for a customer in its rule's days of cooling off, unless it is owed. It is answered
//! once, with a token of which only a hash is kept. A low score that was followed up is asked about again.
//!
//! A questionnaire's version is never changed either. Results count only answers of customers in the
//! caller's scope, and are computed from exact counts when they are asked for; nothing is stored of them.

mod app;
mod domain;
mod events;
mod http;
mod jobs;
mod storage;

use std::sync::Arc;

use kit::{Config, Service};

pub use storage::person::PERSONAL_DATA;

/// The declaration of the service.
pub fn service(_: &Config) -> Service {
    Service {
        name: schema::topology::Service::Survey,
        migrations: storage::migrations,
        routes: http::routes(),
        reactions: events::reactions(),
        jobs: jobs::jobs(),
        has_left: Some(reference::staff::has_left),
        extra: Some(Arc::new(http::answer_page::routes)),
    }
}
