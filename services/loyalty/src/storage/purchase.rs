//! What is remembered of purchases: as much as their returns need.

use kit::{Result, Work};
use schema::{
    event::interaction::PurchaseRecorded,
    ids::{CustomerId, PurchaseId},
    value::Minor,
};
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::entity::purchase_ref;
use crate::domain::programme::Programme;

/// A purchase as it earned.
pub(crate) struct Earned {
    pub(crate) total: Minor,
    pub(crate) programme: Programme,
}

/// Remembers a purchase and the programme under which it earns.
pub(crate) async fn remember(work: &Work, purchase: &PurchaseRecorded, programme: Programme) -> Result<()> {
    let row = purchase_ref::ActiveModel {
        customer_id: Set(purchase.customer_id.into()),
        purchase_id: Set(purchase.purchase_id.into()),
        total_minor: Set(purchase.total_minor.get()),
        rate_millionths: Set(programme.rate_millionths()),
    };
    purchase_ref::Entity::insert(row).exec_without_returning(work.tx()).await?;
    Ok(())
}

/// The purchase, if it has arrived.
pub(crate) async fn find(work: &Work, customer: CustomerId, id: PurchaseId) -> Result<Option<Earned>> {
    let key = (customer.into(), id.into());
    let row = purchase_ref::Entity::find_by_id(key).one(work.tx()).await?;
    Ok(row.map(|row| Earned {
        total: Minor::new(row.total_minor),
        programme: Programme::at(row.rate_millionths),
    }))
}
