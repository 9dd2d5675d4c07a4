//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod conduct;
mod customer;
mod organisation;
mod profile;
mod relationship;

use kit::Routes;

/// Everything that this service answers.
pub(crate) fn routes(region: crate::domain::contact::Region) -> Routes {
    let routes = organisation::mount(Routes::new());
    conduct::mount(relationship::mount(profile::mount(customer::mount(routes, region))))
}
