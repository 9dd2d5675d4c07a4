//! Lets a further unit serve a customer, and so see them; why is kept in the audit.

use kit::{Input, Result, Work};
use schema::{
    access::Scope,
    api::{
        customer::{AddServingUnit, CustomerFile},
        problem::Problem,
    },
};

use crate::storage;

/// The most units that serve one customer.
const MOST: usize = 50;

pub(crate) async fn add_serving_unit(work: &mut Work, input: Input<AddServingUnit>) -> Result<CustomerFile> {
    let (unit, reason) = (input.body.org_unit_id, input.body.reason.trim());
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Problem::field("/reason", "say why, in 1 to 500 characters").into());
    }
    // Any unit: whoever sees the customer may hand them to a unit outside their own.
    if !reference::org_unit::is_in_scope(work, unit, &Scope::Everything).await? {
        return Err(Problem::field("/org_unit_id", "there is no unit with this id").into());
    }

    let mut file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    if file.home_unit_id != unit && !file.serving_unit_ids.contains(&unit) {
        if file.serving_unit_ids.len() >= MOST {
            return Err(
                Problem::field("/org_unit_id", format!("at most {MOST} units serve one customer")).into()
            );
        }
        file.serving_unit_ids.push(unit);
    }
    storage::customer::put(work, &file).await?;
    super::changed(work, "customer.serving_unit.add", Some(reason), &file).await
}
