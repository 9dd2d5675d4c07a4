//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod account;
mod base;
mod hold;
mod lot;
mod profile;
mod programme;
mod rfm;
mod segment;
mod supply;

use kit::Routes;

use crate::storage::person::PERSONAL_DATA;

/// Everything that this service answers.
pub(crate) fn routes() -> Routes {
    let routes = base::mount(rfm::mount(hold::mount(account::mount(Routes::new()))));
    let routes = supply::mount(lot::mount(programme::mount(routes)));
    reference::person::mount(segment::mount(profile::mount(routes)), &PERSONAL_DATA)
}
