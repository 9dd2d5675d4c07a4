//! Purchases with their lines, and what came back of them.

use std::collections::BTreeMap;

use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
    rows::Rows,
};
use reference::newest::{self, Range};
use schema::{
    access::Scope,
    api::interaction::{Purchase, PurchaseLine, PurchasePath, PurchaseSummary},
    ids::{CustomerId, StaffId},
    value::{Milli, Minor},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult as _, QueryFilter as _,
    QueryOrder as _, Value,
};

use super::{
    entity::{purchase, purchase_line},
    purchase_return,
};

/// Writes new purchases with their lines.
pub(crate) async fn add(work: &Work, bought: &[Purchase]) -> Result<()> {
    let mut rows = Rows::into(
        "purchase",
        [
            "customer_id",
            "id",
            "org_unit_id",
            "staff_id",
            "channel",
            "occurred_at",
            "recorded_at",
            "currency",
            "total_minor",
            "returned_minor",
        ],
    );
    let mut lines = Rows::into(
        "purchase_line",
        [
            "customer_id",
            "purchase_id",
            "line_no",
            "sku",
            "quantity_milli",
            "amount_minor",
            "returned_quantity_milli",
            "returned_amount_minor",
        ],
    );
    for one in bought {
        rows.push([
            one.customer_id.uuid().into(),
            one.id.uuid().into(),
            one.org_unit_id.uuid().into(),
            one.staff_id.map(StaffId::uuid).into(),
            word(&one.channel)?.into(),
            one.occurred_at.into(),
            work.now().into(),
            one.currency.as_str().into(),
            one.total_minor.get().into(),
            one.returned_minor.get().into(),
        ]);
        for line in &one.lines {
            lines.push([
                one.customer_id.uuid().into(),
                one.id.uuid().into(),
                line.line_no.into(),
                line.sku.as_str().into(),
                line.quantity_milli.get().into(),
                line.amount_minor.get().into(),
                line.returned_quantity_milli.get().into(),
                line.returned_amount_minor.get().into(),
            ]);
        }
    }
    work.insert(rows, "").await?;
    work.insert(lines, "").await
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
