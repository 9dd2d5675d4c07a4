//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod answer;
pub(crate) mod answer_page;
mod invitation;
mod questionnaire;
mod result;
mod wave;

use kit::Routes;

use crate::storage::person::PERSONAL_DATA;

/// Everything that this service answers.
pub(crate) fn routes() -> Routes {
    let routes = questionnaire::mount(answer::mount(Routes::new()));
    let routes = wave::mount(invitation::mount(result::mount(routes)));
    reference::person::mount(routes, &PERSONAL_DATA)
}
