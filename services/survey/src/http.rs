//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod answer;
mod questionnaire;
mod result;

use kit::Routes;

/// Everything that this service answers.
pub(crate) fn routes() -> Routes {
    result::mount(questionnaire::mount(answer::mount(Routes::new())))
}
