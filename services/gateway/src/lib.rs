//! The gateway: one GraphQL door, and the customer-360 view behind it.
//!
//! The view holds a row per customer with a section from each service, as its owner served it. Events
//! only mark sections stale; refreshers fetch them again. So no rule of the business is here, the order
//! of events does not matter, and the view heals, or is built again from nothing, by asking. A stale
//! section is served with its age, also while its owner is down.
//!
//! Whatever comes out of the view is masked for whoever asks, and their scope is part of every read.
//! Commands, and what lies deeper than a section, go to the owner with the person's own token.

mod app;
mod domain;
mod events;
mod graphql;
mod http;
mod jobs;
mod storage;

use std::sync::Arc;

use kit::{Config, Routes, Service, announce};

use crate::app::{Gateway, owners::Owners};
pub use crate::{app::owners::NoClient, storage::person::PERSONAL_DATA};

/// The declaration of the service. The configuration must say where the others listen.
///
/// # Errors
/// When no client of the other services can be built.
pub fn service(config: &Config) -> Result<Service, NoClient> {
    let owners = Arc::new(Owners::of(config)?);
    Ok(Service {
        name: schema::topology::Service::Gateway,
        migrations: storage::migrations,
        routes: reference::person::mount(Routes::new(), &PERSONAL_DATA),
        reactions: events::reactions(),
        jobs: vec![announce::carry],
        has_left: Some(reference::staff::has_left),
        extra: Some(Arc::new(move |runtime| {
            let gateway = Gateway::new(runtime, &owners);
            jobs::start(&gateway);
            http::routes(&gateway)
        })),
    })
}

/// The schema in GraphQL's own language, always the same for the same code.
pub fn sdl() -> String {
    graphql::sdl()
}
