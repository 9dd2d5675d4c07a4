//! Membership as it is kept of active segments.

use std::collections::{BTreeMap, BTreeSet};

use kit::{
    Result, Work,
    rows::{Rows, among},
};
use schema::ids::{CustomerId, SegmentId};
use sea_orm::Value;
use uuid::Uuid;

use super::statement::{BASE, condition};
use crate::domain::segment::Plan;

/// Makes the kept members those that the plan holds for, since the segment was last made due, which is when
/// it was written; nobody is told.
pub(crate) async fn fill(work: &Work, segment: SegmentId, plan: &Plan) -> Result<u64> {
    empty(work, segment).await?;
    let mut values: Vec<Value> = vec![segment.uuid().into()];
    let holds = condition(plan, &mut values)?;
    let sql = format!(
        "INSERT INTO segment_member (customer_id, segment_id, since) \
         SELECT p.customer_id, s.id, s.due_at FROM {BASE} JOIN segment s ON s.id = $1 WHERE {holds}"
    );
    Ok(work.execute(&sql, values).await?.rows_affected())
}

/// Nobody belongs to the segment any more.
pub(crate) async fn empty(work: &Work, segment: SegmentId) -> Result<()> {
    work.execute("DELETE FROM segment_member WHERE segment_id = $1", vec![segment.uuid().into()]).await?;
    Ok(())
}

/// The segments that each of these customers belongs to.
pub(crate) async fn of_customers(
    work: &Work,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, BTreeSet<SegmentId>>> {
    let mut found: BTreeMap<CustomerId, BTreeSet<SegmentId>> = BTreeMap::new();
    if customers.is_empty() {
        return Ok(found);
    }
    let mut values: Vec<Value> = Vec::new();
    let ids = customers.iter().map(|id| id.uuid());
    let condition = among(work.backend(), "customer_id", ids, &mut values);
    let sql = format!("SELECT customer_id, segment_id FROM segment_member WHERE {condition}");
    for row in work.query_all(&sql, values).await? {
        let customer: Uuid = row.try_get("", "customer_id")?;
        let segment: Uuid = row.try_get("", "segment_id")?;
        found.entry(customer.into()).or_default().insert(segment.into());
    }
    Ok(found)
}

/// A customer and a segment.
pub(crate) type Membership = (CustomerId, SegmentId);

/// These customers belong to these segments from now on.
pub(crate) async fn enter(work: &Work, entered: &[Membership]) -> Result<()> {
    let mut rows = Rows::into("segment_member", ["customer_id", "segment_id", "since"]);
    for (customer, segment) in entered {
        rows.push([customer.uuid().into(), segment.uuid().into(), work.now().into()]);
    }
    work.insert(rows, "ON CONFLICT (customer_id, segment_id) DO NOTHING").await
}

/// These customers do not belong to these segments any more.
pub(crate) async fn leave(work: &Work, left: &[Membership]) -> Result<()> {
    let mut rows = Rows::named("gone", ["customer_id", "segment_id"]);
    for (customer, segment) in left {
        rows.push([customer.uuid().into(), segment.uuid().into()]);
    }
    let sql = |gone: &str| {
        format!(
            "DELETE FROM segment_member \
             WHERE (customer_id, segment_id) IN (SELECT customer_id, segment_id FROM {gone})"
        )
    };
    work.execute_over(rows, sql).await?;
    Ok(())
}
