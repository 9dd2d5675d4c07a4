//! Purchases with their lines, and what came back of them.

use std::collections::BTreeMap;

use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
};
use reference::newest::{self, Range};
use schema::{
    access::Scope,
    api::interaction::{Purchase, PurchaseLine, PurchasePath, PurchaseSummary},
    ids::{CustomerId, StaffId},
    value::{Milli, Minor},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult as _,
    QueryFilter as _, QueryOrder as _, Value,
};

use super::{
    entity::{purchase, purchase_line},
    purchase_return,
};

/// Writes a new purchase.
pub(crate) async fn add(work: &Work, bought: &Purchase) -> Result<()> {
    let row = purchase::ActiveModel {
        customer_id: Set(bought.customer_id.into()),
        id: Set(bought.id.into()),
        org_unit_id: Set(bought.org_unit_id.into()),
        staff_id: Set(bought.staff_id.map(StaffId::uuid)),
        channel: Set(word(&bought.channel)?),
        occurred_at: Set(bought.occurred_at),
        recorded_at: Set(work.now()),
        currency: Set(bought.currency.as_str().to_owned()),
        total_minor: Set(bought.total_minor.get()),
        returned_minor: Set(bought.returned_minor.get()),
    };
    purchase::Entity::insert(row).exec_without_returning(work.tx()).await?;
    let lines = bought.lines.iter().map(|line| purchase_line::ActiveModel {
        customer_id: Set(bought.customer_id.into()),
        purchase_id: Set(bought.id.into()),
        line_no: Set(line.line_no),
        sku: Set(line.sku.clone()),
        quantity_milli: Set(line.quantity_milli.get()),
        amount_minor: Set(line.amount_minor.get()),
        returned_quantity_milli: Set(line.returned_quantity_milli.get()),
        returned_amount_minor: Set(line.returned_amount_minor.get()),
    });
    purchase_line::Entity::insert_many(lines).exec_without_returning(work.tx()).await?;
    Ok(())
}

/// The purchase within a command, if the customer is in the scope of whoever commands it.
pub(crate) async fn find(work: &Work, path: PurchasePath) -> Result<Option<Purchase>> {
    load(work.tx(), path, &work.scope()).await
}

/// The purchase, if the customer is in scope.
pub(crate) async fn get(db: &Db, path: PurchasePath, scope: &Scope) -> Result<Option<Purchase>> {
    load(db.read(), path, scope).await
}

async fn load(
    connection: &impl ConnectionTrait,
    path: PurchasePath,
    scope: &Scope,
) -> Result<Option<Purchase>> {
    let mut values: Vec<Value> = vec![path.customer_id.uuid().into(), path.purchase_id.uuid().into()];
    let condition = reference::scope::of_customer(scope, "p.customer_id", &mut values);
    let sql = format!(
        "SELECT p.*, r.revision FROM purchase p JOIN revision r ON r.subject_id = p.customer_id \
         WHERE p.customer_id = $1 AND p.id = $2 AND {condition}"
    );
    let Some(row) = connection.query_one_raw(statement(connection, &sql, values)).await? else {
        return Ok(None);
    };
    let revision = row.try_get("", "revision")?;
    let row = purchase::Model::from_query_result(&row, "")?;
    let lines = purchase_line::Entity::find()
        .filter(purchase_line::Column::CustomerId.eq(row.customer_id))
        .filter(purchase_line::Column::PurchaseId.eq(row.id))
        .order_by_asc(purchase_line::Column::LineNo)
        .all(connection)
        .await?;
    Ok(Some(Purchase {
        id: row.id.into(),
        customer_id: row.customer_id.into(),
        org_unit_id: row.org_unit_id.into(),
        staff_id: row.staff_id.map(StaffId::from),
        channel: from_word(row.channel)?,
        occurred_at: row.occurred_at,
        currency: super::currency(row.currency)?,
        total_minor: Minor::new(row.total_minor),
        returned_minor: Minor::new(row.returned_minor),
        lines: lines.into_iter().map(line).collect(),
        returns: purchase_return::of(connection, path).await?,
        revision,
    }))
}

/// The newest purchases of each range, newest first, without their lines.
pub(super) async fn newest(
    connection: &impl ConnectionTrait,
    ranges: &[Range],
    limit: u32,
) -> Result<BTreeMap<CustomerId, Vec<PurchaseSummary>>> {
    let read = |row: purchase::Model| Ok((row.customer_id.into(), (row.occurred_at, row.id), summary(row)?));
    newest::read(connection, "purchase", ranges, limit, read).await
}

fn line(row: purchase_line::Model) -> PurchaseLine {
    PurchaseLine {
        line_no: row.line_no,
        sku: row.sku,
        quantity_milli: Milli::new(row.quantity_milli),
        amount_minor: Minor::new(row.amount_minor),
        returned_quantity_milli: Milli::new(row.returned_quantity_milli),
        returned_amount_minor: Minor::new(row.returned_amount_minor),
    }
}

fn summary(row: purchase::Model) -> Result<PurchaseSummary> {
    Ok(PurchaseSummary {
        id: row.id.into(),
        occurred_at: row.occurred_at,
        org_unit_id: row.org_unit_id.into(),
        channel: from_word(row.channel)?,
        currency: super::currency(row.currency)?,
        total_minor: Minor::new(row.total_minor),
        returned_minor: Minor::new(row.returned_minor),
    })
}
