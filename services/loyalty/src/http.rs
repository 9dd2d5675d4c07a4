//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod account;
mod base;
mod hold;
mod profile;
mod rfm;
mod segment;

use kit::Routes;

/// Everything that this service answers.
pub(crate) fn routes() -> Routes {
    let routes = base::mount(rfm::mount(hold::mount(account::mount(Routes::new()))));
    segment::mount(profile::mount(routes))
}
