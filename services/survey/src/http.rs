//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod answer;
pub(crate) mod answer_page;
mod invitation;
mod questionnaire;
mod result;
mod wave;

use kit::Routes;

/// Everything that this service answers.
pub(crate) fn routes() -> Routes {
    let routes = questionnaire::mount(answer::mount(Routes::new()));
    wave::mount(invitation::mount(result::mount(routes)))
}
