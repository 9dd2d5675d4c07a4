//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod account;

use kit::Routes;

/// Everything that this service answers.
pub(crate) fn routes() -> Routes {
    account::mount(Routes::new())
}
