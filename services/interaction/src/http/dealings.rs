//! Section `dealings` of the customer-360 view.

use kit::Routes;
use schema::api::{interaction::GetDealingsSections, problem::Problem, section::BATCH_MAX};

use crate::storage;

pub(super) fn mount(routes: Routes) -> Routes {
    routes.read::<GetDealingsSections, _>(|runtime, input| async move {
        let ids = &input.body.customer_ids;
        if ids.len() > BATCH_MAX {
            let detail = format!("at most {BATCH_MAX} customers at once");
            return Err(Problem::field("/customer_ids", detail).into());
        }
        storage::dealings::sections(&runtime.db, ids, runtime.clock.now()).await
    })
}
