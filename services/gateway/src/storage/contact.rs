//! The contact points by which customers are looked up.

use kit::{
    Db, Result, Work,
    db::{statement, word},
    rows::{Rows, among},
};
use schema::{
    access::Scope,
    api::customer::{ContactKind, ContactPoint},
    ids::CustomerId,
};
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

/// Replaces the contact points of these customers, each of whom comes once.
pub(crate) async fn replace<'a>(
    work: &Work,
    points: impl IntoIterator<Item = (CustomerId, &'a [ContactPoint])>,
) -> Result<()> {
    let (mut customers, mut rows) =
        (Vec::new(), Rows::into("customer_view_contact", ["customer_id", "kind", "value"]));
    for (customer, points) in points {
        customers.push(customer.uuid());
        for point in points {
            let Some(value) = &point.value else { continue };
            rows.push([customer.uuid().into(), word(&point.kind)?.into(), value.as_str().into()]);
        }
    }
    if customers.is_empty() {
        return Ok(());
    }
    let mut values = Vec::new();
    let condition = among(work.backend(), "customer_id", customers, &mut values);
    work.execute(&format!("DELETE FROM customer_view_contact WHERE {condition}"), values).await?;
    work.insert(rows, "ON CONFLICT (customer_id, kind, value) DO NOTHING").await
}

/// The customers in scope with this contact in its normal form; at most `limit`.
pub(crate) async fn find(
    db: &Db,
    kind: ContactKind,
    value: &str,
    scope: &Scope,
    limit: u32,
) -> Result<Vec<CustomerId>> {
    let mut values: Vec<Value> = vec![word(&kind)?.into(), value.into(), i64::from(limit).into()];
    let condition = reference::scope::of_customer(scope, "k.customer_id", &mut values);
    let sql = format!(
        "SELECT k.customer_id FROM customer_view_contact k \
         WHERE k.kind = $1 AND k.value = $2 AND {condition} ORDER BY k.customer_id DESC LIMIT $3"
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let ids: Result<Vec<CustomerId>, _> =
        rows.iter().map(|row| row.try_get_by_index::<Uuid>(0).map(CustomerId::from)).collect();
    Ok(ids?)
}
