//! The customer base by month.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    loyalty::{Cohorts, CustomerBalance, CustomerBase, GetCohorts, GetCustomerBalance, GetCustomerBase},
    problem::Problem,
};

use crate::{domain::month::Months, storage};

/// After how many months without a purchase a customer is lost, when nobody says.
const LAPSE: u32 = 12;
/// The longest that can be said.
const LAPSE_MOST: u32 = 60;

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .read::<GetCustomerBase, _>(customer_base)
        .read::<GetCohorts, _>(cohorts)
        .read::<GetCustomerBalance, _>(balance)
}

async fn customer_base(runtime: Arc<Runtime>, input: Input<GetCustomerBase>) -> Result<CustomerBase> {
    let months = months(&input.query.from, &input.query.to)?;
    storage::base::customer_base(&runtime.db, &input.caller.viewer.scope(), months).await
}

async fn cohorts(runtime: Arc<Runtime>, input: Input<GetCohorts>) -> Result<Cohorts> {
    let months = months(&input.query.from, &input.query.to)?;
    storage::base::cohorts(&runtime.db, &input.caller.viewer.scope(), months).await
}

async fn balance(runtime: Arc<Runtime>, input: Input<GetCustomerBalance>) -> Result<CustomerBalance> {
    let months = months(&input.query.from, &input.query.to)?;
    let lapse = input.query.lapse_months.unwrap_or(LAPSE);
    if !(1..=LAPSE_MOST).contains(&lapse) {
        return Err(Problem::field("/lapse_months", format!("1 to {LAPSE_MOST} months")).into());
    }
    storage::balance::customer_balance(&runtime.db, &input.caller.viewer.scope(), months, lapse).await
}

fn months(from: &str, to: &str) -> Result<Months, Problem> {
    Months::parse(from, to).map_err(|(pointer, detail)| Problem::field(pointer, detail))
}
