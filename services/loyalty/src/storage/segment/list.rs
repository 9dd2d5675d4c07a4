//! Lists that are kept by hand.

use std::collections::BTreeSet;

use kit::{Db, Result, Work, db};
use schema::{
    access::Scope,
    api::{
        loyalty::{CustomerList, CustomerListFilter},
        page::{self, Page},
    },
    ids::{CustomerId, CustomerListId},
};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

/// How many lists there are.
pub(crate) async fn count(work: &Work) -> Result<i64> {
    let row = work.query_one("SELECT count(*) FROM customer_list", vec![]).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// Adds a list.
pub(crate) async fn add(work: &Work, list: &CustomerList) -> Result<()> {
    work.execute(
        "INSERT INTO customer_list (id, code, name, created_at) VALUES ($1, $2, $3, $4)",
        vec![
            list.id.uuid().into(),
            list.code.as_str().into(),
            list.name.as_str().into(),
            list.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A list, with how many in scope are on it.
pub(crate) async fn find(work: &Work, id: CustomerListId) -> Result<Option<CustomerList>> {
    let mut values: Vec<Value> = Vec::new();
    let sql = select(&work.scope(), &mut values);
    values.push(id.uuid().into());
    let sql = format!("{sql} WHERE l.id = ${}", values.len());
    work.query_one(&sql, values).await?.map(|row| list_of(&row)).transpose()
}

/// A page of lists, by code.
pub(crate) async fn page(db: &Db, scope: &Scope, wanted: &CustomerListFilter) -> Result<Page<CustomerList>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = "customer-lists";
    let mut values: Vec<Value> = Vec::new();
    let mut sql = select(scope, &mut values);
    if let Some(after) = &wanted.after {
        values.push(page::key_of::<String>(query, after)?.into());
        sql.push_str(&format!(" WHERE l.code > ${}", values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY l.code LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(db::statement(db.read(), &sql, values)).await?;
    let lists: Result<Vec<CustomerList>> = rows.iter().map(list_of).collect();
    Ok(Page::of(lists?, limit, query, |list| list.code.clone()))
}

fn select(scope: &Scope, values: &mut Vec<Value>) -> String {
    let in_scope = reference::scope::of_customer(scope, "m.customer_id", values);
    format!(
        "SELECT l.id, l.code, l.name, l.created_at, (SELECT count(*) FROM customer_list_member m \
         WHERE m.list_id = l.id AND {in_scope}) AS customers FROM customer_list l"
    )
}

fn list_of(row: &QueryResult) -> Result<CustomerList> {
    Ok(CustomerList {
        id: row.try_get::<Uuid>("", "id")?.into(),
        code: row.try_get("", "code")?,
        name: row.try_get("", "name")?,
        customers: Some(row.try_get("", "customers")?),
        created_at: row.try_get("", "created_at")?,
    })
}

/// Of these customers, those that are known here and in scope.
pub(crate) async fn in_scope(work: &Work, customers: &[CustomerId]) -> Result<BTreeSet<CustomerId>> {
    if customers.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut values: Vec<Value> = customers.iter().map(|id| id.uuid().into()).collect();
    let places: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
    let in_scope = reference::scope::of_customer(&work.scope(), "r.customer_id", &mut values);
    let sql = format!(
        "SELECT r.customer_id FROM customer_ref r WHERE r.customer_id IN ({}) AND {in_scope}",
        places.join(", ")
    );
    let rows = work.query_all(&sql, values).await?;
    let ids: Result<BTreeSet<CustomerId>, _> =
        rows.iter().map(|row| row.try_get_by_index::<Uuid>(0).map(CustomerId::from)).collect();
    Ok(ids?)
}

/// Puts customers on a list.
pub(crate) async fn put(work: &Work, list: CustomerListId, customers: &[CustomerId]) -> Result<()> {
    if customers.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = vec![list.uuid().into()];
    values.extend(customers.iter().map(|id| Value::from(id.uuid())));
    let rows: Vec<String> = (2..=values.len()).map(|n| format!("(${n}, $1)")).collect();
    let sql = format!(
        "INSERT INTO customer_list_member (customer_id, list_id) VALUES {} \
         ON CONFLICT (customer_id, list_id) DO NOTHING",
        rows.join(", ")
    );
    work.execute(&sql, values).await?;
    Ok(())
}

/// Takes customers off a list.
pub(crate) async fn take(work: &Work, list: CustomerListId, customers: &[CustomerId]) -> Result<()> {
    if customers.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = vec![list.uuid().into()];
    values.extend(customers.iter().map(|id| Value::from(id.uuid())));
    let places: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "DELETE FROM customer_list_member WHERE list_id = $1 AND customer_id IN ({})",
        places.join(", ")
    );
    work.execute(&sql, values).await?;
    Ok(())
}
