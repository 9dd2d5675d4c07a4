//! Who a plan holds for: counted, listed in pages, compared with what is kept. Scope is in each statement.

use std::collections::BTreeSet;

use kit::{Db, Result, db::statement};
use schema::{
    access::Scope,
    api::loyalty::SegmentMember,
    ids::{CustomerId, SegmentId},
};
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

use super::statement::{BASE, condition};
use crate::{domain::segment::Plan, storage::profile::shown};

/// How many in scope it holds for, and of how many.
pub(crate) async fn count(db: &Db, plan: &Plan, scope: &Scope) -> Result<(i64, i64)> {
    let mut values = Vec::new();
    let holds = condition(plan, &mut values)?;
    let in_scope = reference::scope::of_customer(scope, "p.customer_id", &mut values);
    let sql = format!(
        "SELECT CAST(COALESCE(sum(CASE WHEN {holds} THEN 1 ELSE 0 END), 0) AS bigint), count(*) \
         FROM {BASE} WHERE {in_scope}"
    );
    let row = db.read().query_one_raw(statement(db.read(), &sql, values)).await?;
    let Some(row) = row else { return Ok((0, 0)) };
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))
}

/// The next members in scope after this one, by id, with these attributes.
pub(crate) async fn page(
    db: &Db,
    plan: &Plan,
    attributes: &BTreeSet<String>,
    scope: &Scope,
    after: Option<CustomerId>,
    limit: u32,
) -> Result<Vec<SegmentMember>> {
    let mut values = Vec::new();
    let holds = condition(plan, &mut values)?;
    let in_scope = reference::scope::of_customer(scope, "p.customer_id", &mut values);
    let mut sql = format!(
        "SELECT p.*, r.kind, r.status, r.home_unit_id, a.tier, a.balance, m.amount_minor AS turnover \
         FROM {BASE} LEFT JOIN profile_turnover m ON m.customer_id = p.customer_id \
             AND m.currency = p.main_currency \
         WHERE {holds} AND {in_scope}"
    );
    if let Some(after) = after {
        values.push(after.uuid().into());
        sql.push_str(&format!(" AND p.customer_id > ${}", values.len()));
    }
    values.push(i64::from(limit).into());
    sql.push_str(&format!(" ORDER BY p.customer_id LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let members: Result<Vec<SegmentMember>> = rows.iter().map(shown::member).collect();
    let mut members = members?;
    let ids: Vec<CustomerId> = members.iter().map(|member| member.customer_id).collect();
    let mut known = shown::attributes(db, &ids, Some(attributes)).await?;
    for member in &mut members {
        member.attributes = known.remove(&member.customer_id).unwrap_or_default();
    }
    Ok(members)
}

/// The next customers after this one whose kept membership is not what the plan says.
pub(crate) async fn strays(
    db: &Db,
    segment: SegmentId,
    plan: &Plan,
    after: Option<CustomerId>,
    limit: u32,
) -> Result<Vec<CustomerId>> {
    let mut values: Vec<Value> = vec![segment.uuid().into()];
    let holds = condition(plan, &mut values)?;
    let mut sql = format!(
        "SELECT p.customer_id FROM {BASE} \
         LEFT JOIN segment_member m ON m.customer_id = p.customer_id AND m.segment_id = $1 \
         WHERE CASE WHEN {holds} THEN 1 ELSE 0 END <> CASE WHEN m.customer_id IS NULL THEN 0 ELSE 1 END"
    );
    if let Some(after) = after {
        values.push(after.uuid().into());
        sql.push_str(&format!(" AND p.customer_id > ${}", values.len()));
    }
    values.push(i64::from(limit).into());
    sql.push_str(&format!(" ORDER BY p.customer_id LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let ids: Result<Vec<CustomerId>, _> =
        rows.iter().map(|row| row.try_get_by_index::<Uuid>(0).map(CustomerId::from)).collect();
    Ok(ids?)
}
