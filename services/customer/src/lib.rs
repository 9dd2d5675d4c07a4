//! The customer service: who they are. It owns the organisation and its staff, and the customer file
//! with its contact points, external ids, relationships, households, attributes and containers, what the
//! customer allows us and how they want to be dealt with. How far a customer has come with us, and on which
//! channels they answer, it learns from what interaction tells.
//!
//! Invariants: exactly one root unit (`hq`); a customer has one home unit and any number of serving
//! units, and whoever sees one of these sees the customer; a phone number is kept in E.164 and an e-mail
//! address in lower case, so that a lookup is one comparison.

mod app;
mod domain;
mod events;
mod http;
mod jobs;
mod storage;

use kit::{Config, Service};

pub use domain::contact::UnknownRegion;
pub use storage::person::PERSONAL_DATA;

/// The declaration of the service.
///
/// # Errors
/// When `default_region` is no region.
pub fn service(config: &Config) -> Result<Service, UnknownRegion> {
    let region = domain::contact::Region::of(&config.default_region)?;
    Ok(Service {
        name: schema::topology::Service::Customer,
        migrations: storage::migrations,
        routes: http::routes(region),
        reactions: events::reactions(),
        jobs: vec![jobs::found_organisation, jobs::turn_relationships, jobs::tell_lapses],
        has_left: Some(reference::staff::has_left),
        extra: None,
    })
}
