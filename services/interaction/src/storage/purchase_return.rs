//! Returns, and the sums that purchases and lines keep of them.

use kit::{Result, Work};
use schema::{
    api::interaction::{NewReturnLine, Purchase, PurchasePath, PurchaseReturn},
    value::Minor,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::{purchase_return, purchase_return_line};

/// Writes a return of the purchase, which says already what came back in all.
pub(crate) async fn add(
    work: &Work,
    bought: &Purchase,
    returned: &PurchaseReturn,
    lines: &[NewReturnLine],
) -> Result<()> {
    let row = purchase_return::ActiveModel {
        customer_id: Set(bought.customer_id.into()),
        id: Set(returned.id.into()),
        purchase_id: Set(bought.id.into()),
        occurred_at: Set(returned.occurred_at),
        recorded_at: Set(work.now()),
        reason: Set(returned.reason.clone()),
        total_minor: Set(returned.total_minor.get()),
    };
    purchase_return::Entity::insert(row).exec_without_returning(work.tx()).await?;
    let lines = lines.iter().map(|line| purchase_return_line::ActiveModel {
        customer_id: Set(bought.customer_id.into()),
        return_id: Set(returned.id.into()),
        line_no: Set(line.line_no),
        quantity_milli: Set(line.quantity_milli.get()),
        amount_minor: Set(line.amount_minor.get()),
    });
    purchase_return_line::Entity::insert_many(lines).exec_without_returning(work.tx()).await?;
    work.execute(
        "UPDATE purchase_line \
         SET returned_quantity_milli = purchase_line.returned_quantity_milli + back.quantity_milli, \
             returned_amount_minor = purchase_line.returned_amount_minor + back.amount_minor \
         FROM purchase_return_line back \
         WHERE back.customer_id = $1 AND back.return_id = $2 AND purchase_line.customer_id = $1 \
         AND purchase_line.purchase_id = $3 AND purchase_line.line_no = back.line_no",
        vec![bought.customer_id.uuid().into(), returned.id.uuid().into(), bought.id.uuid().into()],
    )
    .await?;
    work.execute(
        "UPDATE purchase SET returned_minor = $3 WHERE customer_id = $1 AND id = $2",
        vec![bought.customer_id.uuid().into(), bought.id.uuid().into(), bought.returned_minor.get().into()],
    )
    .await?;
    Ok(())
}

/// The returns of a purchase in the order in which they were recorded; there are few, by rule.
pub(super) async fn of(connection: &impl ConnectionTrait, path: PurchasePath) -> Result<Vec<PurchaseReturn>> {
    let rows = purchase_return::Entity::find()
        .filter(purchase_return::Column::CustomerId.eq(path.customer_id.uuid()))
        .filter(purchase_return::Column::PurchaseId.eq(path.purchase_id.uuid()))
        .order_by_asc(purchase_return::Column::Id)
        .all(connection)
        .await?;
    let returned = |row: purchase_return::Model| PurchaseReturn {
        id: row.id.into(),
        occurred_at: row.occurred_at,
        reason: row.reason,
        total_minor: Minor::new(row.total_minor),
    };
    Ok(rows.into_iter().map(returned).collect())
}
