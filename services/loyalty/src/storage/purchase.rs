//! That a purchase arrived, and what it was worth: what its returns wait for.

use kit::{Result, Work};
use schema::{
    event::interaction::PurchaseRecorded,
    ids::{CustomerId, PurchaseId},
};
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::entity::purchase_ref;
use crate::domain::reckoning::Fact;

/// Remembers a purchase and the rate at which it earns.
pub(crate) async fn remember(work: &Work, purchase: &PurchaseRecorded, rate: i64) -> Result<()> {
    let row = purchase_ref::ActiveModel {
        customer_id: Set(purchase.customer_id.into()),
        purchase_id: Set(purchase.purchase_id.into()),
        total_minor: Set(purchase.total_minor.get()),
        rate_millionths: Set(rate),
    };
    purchase_ref::Entity::insert(row).exec_without_returning(work.tx()).await?;
    Ok(())
}

/// The purchase, if it has arrived, as far as its returns need it: one that arrived before facts were kept
/// earned by the built-in version.
pub(crate) async fn find(work: &Work, customer: CustomerId, id: PurchaseId) -> Result<Option<Fact>> {
    let key = (customer.into(), id.into());
    let row = purchase_ref::Entity::find_by_id(key).one(work.tx()).await?;
    Ok(row.map(|row| {
        let earns = i128::from(row.total_minor.max(0)) * i128::from(row.rate_millionths);
        Fact {
            id: id.into(),
            purchase: id,
            entry: id.uuid().into(),
            returned: false,
            at: work.now(),
            version: 1,
            rate: row.rate_millionths,
            rules: Vec::new(),
            total: row.total_minor,
            millionths: i64::try_from(earns).unwrap_or(i64::MAX),
            before: 0,
            amount: row.total_minor,
        }
    }))
}
