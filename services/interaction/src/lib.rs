//! The interaction service: what happens between a customer and us. It owns purchases with their lines,
//! the returns of them, contacts with what was promised in them, cases with their hand-overs, gestures with their
//! ledger, tasks, calendars of working time, service standards, action plans, the timeline and the turnover; and
//! it alone decides whether a customer is reached of our own accord.
//!
//! Invariants: what came back of a line, in quantity and in money, never exceeds what was bought; the
//! timeline holds every purchase, return, contact and step of a case exactly once; a customer's turnover is the sum of
//! their purchases and returns; whoever received the first contact answers for a case until it is closed,
//! unless a manager says otherwise, and no hand-over changes that. All of them are kept in the transaction of the command, behind the
//! customer's revision, so that one customer has one writer at a time.
//!
//! A due time that is missed is charged once: a case to whoever answers for it, a task to its owner. A supply
//! of a day is planned once.
//!
//! A command for a customer whose reference has not arrived waits for it; a unit or a member of staff
//! that is not known here is a mistake in the request. Prices, stock and payments are not this service's.

mod app;
mod domain;
mod events;
mod http;
mod jobs;
mod storage;

use kit::{Config, Service};

pub use storage::person::PERSONAL_DATA;

/// The declaration of the service. Nothing of it is configured; every service is declared alike.
pub fn service(_: &Config) -> Service {
    Service {
        name: schema::topology::Service::Interaction,
        migrations: storage::migrations,
        routes: http::routes(),
        reactions: events::reactions(),
        jobs: jobs::jobs(),
        has_left: Some(reference::staff::has_left),
        extra: None,
    }
}
