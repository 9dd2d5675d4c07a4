//! The route table. Handlers extract, call and map; reads that decide nothing go straight to storage.

mod batch;
mod calendar;
mod case;
mod contact;
mod dealings;
mod desk;
mod gesture;
mod outreach;
mod purchase;
mod service_level;
mod task;
mod timeline;

use kit::Routes;

use crate::storage::person::PERSONAL_DATA;

/// Everything that this service answers.
pub(crate) fn routes() -> Routes {
    let routes = dealings::mount(timeline::mount(purchase::mount(Routes::new())));
    let routes = task::mount(service_level::mount(calendar::mount(routes)));
    let routes = desk::mount(case::mount(contact::mount(routes)));
    let routes = batch::mount(outreach::mount(gesture::mount(routes)));
    reference::person::mount(routes, &PERSONAL_DATA)
}
