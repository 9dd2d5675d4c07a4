//! A customer's dealings in figures, and section `dealings` of the customer-360 view.

use kit::Routes;
use schema::api::{
    interaction::{GetDealingsSections, GetDealingsSummary},
    problem::Problem,
};

use crate::storage;

pub(super) fn mount(routes: Routes) -> Routes {
    let routes = routes.read::<GetDealingsSummary, _>(|runtime, input| async move {
        let (customer, scope) = (input.path.customer_id, input.caller.viewer.scope());
        let found = storage::dealings::summary(&runtime.db, customer, runtime.clock.now(), &scope).await?;
        found.ok_or_else(|| Problem::not_found("customer").into())
    });
    routes.read::<GetDealingsSections, _>(|runtime, input| async move {
        storage::dealings::sections(&runtime.db, input.body.ids()?, runtime.clock.now()).await
    })
}
