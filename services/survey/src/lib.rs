//! The survey service: what customers think. It owns their answers, with their own words.
//!
//! Invariants: a score lies on the scale of its instrument; an answer is about a customer known here and,
//! when it names a unit, about one within the scope of whoever recorded it. An answer is kept as it was
//! given and never changed. What others are told of it holds the score, never the words.
//!
//! A questionnaire's version is never changed either. Results count only answers of customers in the
//! caller's scope, and are computed from exact counts when they are asked for; nothing is stored of them.

mod app;
mod domain;
mod http;
mod storage;

use kit::{Config, Reactions, Service};

/// The declaration of the service.
pub fn service(_: &Config) -> Service {
    Service {
        name: schema::topology::Service::Survey,
        migrations: storage::migrations,
        routes: http::routes(),
        reactions: reference::customers(reference::organisation(Reactions::new())),
        jobs: Vec::new(),
        extra: None,
    }
}
