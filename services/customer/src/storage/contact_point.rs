//! Contact points.

use kit::{Result, Work, db::word};
use schema::{
    api::customer::ContactKind,
    ids::{ContactPointId, CustomerId},
};
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::entity::contact_point;

/// Adds normalised contact points. One that the customer has already is a unique violation.
pub(crate) async fn add(work: &Work, customer: CustomerId, points: &[(ContactKind, String)]) -> Result<()> {
    if points.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(points.len());
    for (kind, value) in points {
        rows.push(contact_point::ActiveModel {
            customer_id: Set(customer.into()),
            id: Set(work.new_id::<ContactPointId>().into()),
            kind: Set(word(kind)?),
            value: Set(value.clone()),
        });
    }
    contact_point::Entity::insert_many(rows).exec_without_returning(work.tx()).await?;
    Ok(())
}

/// Removes one; `false` when the customer has none with this id.
pub(crate) async fn remove(work: &Work, customer: CustomerId, id: ContactPointId) -> Result<bool> {
    let key = (customer.into(), id.into());
    let removed = contact_point::Entity::delete_by_id(key).exec(work.tx()).await?;
    Ok(removed.rows_affected == 1)
}
