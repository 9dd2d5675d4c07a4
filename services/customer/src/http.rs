//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod customer;
mod organisation;

use kit::Routes;

/// Everything that this service answers.
pub(crate) fn routes(region: crate::domain::contact::Region) -> Routes {
    customer::mount(organisation::mount(Routes::new()), region)
}
