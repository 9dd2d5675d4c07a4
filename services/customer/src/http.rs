//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod batch;
mod conduct;
mod customer;
mod household;
mod organisation;
mod profile;
mod relationship;
mod search;

use kit::Routes;

use crate::storage::person::PERSONAL_DATA;

/// Everything that this service answers.
pub(crate) fn routes(region: crate::domain::contact::Region) -> Routes {
    let routes = organisation::mount(Routes::new());
    let routes = household::mount(search::mount(routes));
    let routes = batch::mount(customer::mount(routes, region), region);
    let routes = conduct::mount(relationship::mount(profile::mount(routes)));
    reference::person::mount(routes, &PERSONAL_DATA)
}
