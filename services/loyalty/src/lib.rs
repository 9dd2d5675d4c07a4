//! The loyalty service: what the relationship is worth. It owns the programme, each customer's points account,
//! the double-entry ledger behind it, lots of points that expire, points held to be spent, and the tier; it
//! tells who runs out of something; and it scores and counts customers by what they bought.
//!
//! Invariants: every customer known here has an account; every ledger entry moves points between two
//! accounts, so that all postings sum to zero; an account's balance is the sum of its postings, written in
//! the same transaction; a purchase earns once, and all its returns together take back at most what it
//! earned. What can be spent is the balance less what is held; spending never takes more. Both can become
//! negative only by a reversal: what was earned may have been held or spent. Spent points and gestures do not
//! count for the tier.
//!
//! Of every customer it keeps a profile: what all services told, derived from facts, so that no order matters.
//! Segments are conditions over profiles, judged alike by a pure predicate and by a statement; who belongs to
//! an active one is kept, and coming and going is told.
//!
//! Tier and lots follow from everything that is known, in the order in which it happened; so the order in which
//! it became known does not matter. The ledger is never changed: what turns out to be different is entered as
//! a difference, and every entry says why. What an account's lots have left, less what is owed, is its balance.
//!
//! It learns of purchases and returns from events and asks nobody: one whose subject is unknown waits.

mod app;
mod domain;
mod events;
mod http;
mod jobs;
mod storage;

use kit::{Config, Service};

pub use domain::{rfm, segment};
pub use storage::{
    account::unbalanced_accounts, ledger::ledger_total, person::PERSONAL_DATA, segment::statement::matching,
};

/// The declaration of the service.
pub fn service(_: &Config) -> Service {
    Service {
        name: schema::topology::Service::Loyalty,
        migrations: storage::migrations,
        routes: http::routes(),
        reactions: events::reactions(),
        jobs: jobs::jobs(),
        has_left: Some(reference::staff::has_left),
        extra: None,
    }
}
