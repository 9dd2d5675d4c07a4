//! Turnover by currency.

use std::collections::BTreeMap;

use kit::{Result, Work};
use schema::{api::interaction::Turnover, ids::CustomerId, value::Minor};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::OnConflict,
};

use super::entity::turnover::{ActiveModel, Column, Entity};

/// The turnover of one customer within a command, by currency.
pub(crate) async fn of(work: &Work, customer: CustomerId) -> Result<Vec<Turnover>> {
    Ok(of_each(work.tx(), &[customer]).await?.remove(&customer).unwrap_or_default())
}

/// The turnover of each of these customers; nothing for whoever bought nothing.
pub(super) async fn of_each(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, Vec<Turnover>>> {
    let rows = Entity::find()
        .filter(Column::CustomerId.is_in(customers.iter().map(|id| id.uuid())))
        .order_by_asc(Column::Currency)
        .all(connection)
        .await?;
    let mut found: BTreeMap<CustomerId, Vec<Turnover>> = BTreeMap::new();
    for row in rows {
        found.entry(row.customer_id.into()).or_default().push(Turnover {
            currency: super::currency(row.currency)?,
            purchases: row.purchases,
            total_minor: Minor::new(row.total_minor),
            returned_minor: Minor::new(row.returned_minor),
        });
    }
    Ok(found)
}

/// Writes the turnover in one currency.
pub(crate) async fn put(work: &Work, customer: CustomerId, turnover: &Turnover) -> Result<()> {
    let row = ActiveModel {
        customer_id: Set(customer.into()),
        currency: Set(turnover.currency.as_str().to_owned()),
        purchases: Set(turnover.purchases),
        total_minor: Set(turnover.total_minor.get()),
        returned_minor: Set(turnover.returned_minor.get()),
    };
    let replace = OnConflict::columns([Column::CustomerId, Column::Currency])
        .update_columns([Column::Purchases, Column::TotalMinor, Column::ReturnedMinor])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(work.tx()).await?;
    Ok(())
}
