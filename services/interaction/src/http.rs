//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod dealings;
mod purchase;
mod timeline;

use kit::Routes;

/// Everything that this service answers.
pub(crate) fn routes() -> Routes {
    dealings::mount(timeline::mount(purchase::mount(Routes::new())))
}
