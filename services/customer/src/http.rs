//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod customer;
mod organisation;
mod profile;
mod relationship;

use kit::Routes;

/// Everything that this service answers.
pub(crate) fn routes(region: crate::domain::contact::Region) -> Routes {
    let routes = organisation::mount(Routes::new());
    relationship::mount(profile::mount(customer::mount(routes, region)))
}
