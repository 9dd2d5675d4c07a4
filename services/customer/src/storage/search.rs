//! Searching customers: every filter in the statement, behind the scope.

use chrono::NaiveDate;
use kit::{
    Db, Result,
    db::{statement, word},
};
use schema::{
    access::Scope,
    api::{
        customer::{CustomerFile, CustomerFilter, CustomerStage},
        page::{self, Page},
    },
    ids::CustomerId,
};
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

use super::customer::files;
use crate::domain::{person, stage};

/// How a list of customers is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// By name: the cursor holds a name, so only for whoever sees names whole.
    Name,
    /// By id, that is by age: neither order nor cursor says anything about a name.
    Id,
}

/// A page of the customers in scope.
pub(crate) async fn search(
    db: &Db,
    scope: &Scope,
    filter: &CustomerFilter,
    order: Order,
    today: NaiveDate,
) -> Result<Page<CustomerFile>> {
    let limit = page::limit(filter.limit, page::LIMIT_MAX)?;
    let CustomerFilter { name, org_unit_id, kind, status, market_type, stage, .. } = filter;
    let CustomerFilter { external_system, external_value, .. } = filter;
    let query = format!(
        "customers?name={name:?}&unit={org_unit_id:?}&kind={kind:?}&status={status:?}&market={market_type:?}\
         &stage={stage:?}&system={external_system:?}&value={external_value:?}&by={order:?}"
    );
    // One key for both orders: in the second all names are alike.
    let name_key = match order {
        Order::Name => "c.name_key",
        Order::Id => "''",
    };
    let mut values: Vec<Value> = Vec::new();
    let mut sql = format!(
        "SELECT c.id, {name_key} AS name_key FROM customer c WHERE {}",
        reference::scope::of_customer(scope, "c.id", &mut values)
    );
    if let Some(name) = name {
        // A range, not LIKE: it uses the index, and no character is special.
        let from = person::search_key(name.trim());
        values.push(from.clone().into());
        sql.push_str(&format!(" AND c.name_key >= ${}", values.len()));
        values.push(format!("{from}\u{10FFFF}").into());
        sql.push_str(&format!(" AND c.name_key < ${}", values.len()));
    }
    if let Some(unit) = org_unit_id {
        values.push(unit.uuid().into());
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM org_unit h, org_unit t WHERE h.id = c.home_unit_id AND t.id = ${} \
             AND h.path LIKE t.path || '%')",
            values.len()
        ));
    }
    let mut alike = |column: &str, wanted: Option<String>| {
        if let Some(wanted) = wanted {
            values.push(wanted.into());
            sql.push_str(&format!(" AND c.{column} = ${}", values.len()));
        }
    };
    alike("kind", kind.as_ref().map(word).transpose()?);
    alike("status", status.as_ref().map(word).transpose()?);
    alike("market_type", market_type.as_ref().map(word).transpose()?);
    if let Some(stage) = *stage {
        at_stage(stage, today, &mut sql, &mut values)?;
    }
    if let Some(system) = external_system {
        values.push(system.as_str().into());
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM external_id x WHERE x.customer_id = c.id AND x.system = ${}",
            values.len()
        ));
        if let Some(value) = external_value {
            values.push(value.as_str().into());
            sql.push_str(&format!(" AND x.value = ${}", values.len()));
        }
        sql.push(')');
    }
    if let Some(after) = &filter.after {
        let (name, id): (String, Uuid) = page::key_of(&query, after)?;
        match order {
            Order::Name => {
                values.push(name.into());
                values.push(id.into());
                sql.push_str(&format!(
                    " AND (c.name_key, c.id) > (${}, ${})",
                    values.len() - 1,
                    values.len()
                ));
            }
            Order::Id => {
                values.push(id.into());
                sql.push_str(&format!(" AND c.id > ${}", values.len()));
            }
        }
    }
    values.push(i64::from(limit + 1).into());
    let keys = match order {
        Order::Name => "c.name_key, c.id",
        Order::Id => "c.id",
    };
    sql.push_str(&format!(" ORDER BY {keys} LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let keys: Result<Vec<(String, Uuid)>, sea_orm::DbErr> =
        rows.iter().map(|row| Ok((row.try_get("", "name_key")?, row.try_get("", "id")?))).collect();
    let page = Page::of(keys?, limit, &query, Clone::clone);
    let ids: Vec<CustomerId> = page.items.iter().map(|(_, id)| CustomerId::from(*id)).collect();
    Ok(Page { items: files(db, &ids, &Scope::Everything, today).await?, next: page.next })
}

/// Adds the condition that a customer is at a stage on a day: what was reached, and whether it has lapsed.
fn at_stage(
    wanted: CustomerStage,
    today: NaiveDate,
    sql: &mut String,
    values: &mut Vec<Value>,
) -> Result<()> {
    match wanted {
        CustomerStage::Lead | CustomerStage::Prospect => {
            values.push(word(&wanted)?.into());
            sql.push_str(&format!(" AND c.stage = ${}", values.len()));
        }
        CustomerStage::FirstBuyer | CustomerStage::RepeatBuyer => {
            values.push(word(&wanted)?.into());
            values.push(stage::lapsed_before(today).into());
            let (stage, since) = (values.len() - 1, values.len());
            sql.push_str(&format!(" AND c.stage = ${stage} AND c.last_purchase_at >= ${since}"));
        }
        CustomerStage::Lapsed => {
            values.push(stage::lapsed_before(today).into());
            sql.push_str(&format!(" AND c.last_purchase_at < ${}", values.len()));
        }
    }
    Ok(())
}
