//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod answer;

use kit::Routes;

/// Everything that this service answers.
pub(crate) fn routes() -> Routes {
    answer::mount(Routes::new())
}
