//! Section `dealings` of the customer-360 view.

use kit::Routes;
use schema::api::interaction::GetDealingsSections;

use crate::storage;

pub(super) fn mount(routes: Routes) -> Routes {
    routes.read::<GetDealingsSections, _>(|runtime, input| async move {
        storage::dealings::sections(&runtime.db, input.body.ids()?, runtime.clock.now()).await
    })
}
