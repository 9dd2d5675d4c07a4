//! Purchases and returns.

use kit::Routes;
use schema::api::{
    interaction::{GetPurchase, RecordPurchase, ReturnPurchase},
    problem::Problem,
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<RecordPurchase>(|work, input| Box::pin(app::record_purchase::record_purchase(work, input)))
        .command::<ReturnPurchase>(|work, input| Box::pin(app::return_purchase::return_purchase(work, input)))
        .read::<GetPurchase, _>(|runtime, input| async move {
            let found =
                storage::purchase::get(&runtime.db, *input.path, &input.caller.viewer.scope()).await?;
            found.ok_or_else(|| Problem::not_found("purchase").into())
        })
}
