//! The customer base by month: each answer is one statement over the purchases of the customers in scope.

use std::collections::BTreeMap;

use kit::{Db, Result, db::statement};
use schema::{
    access::Scope,
    api::loyalty::{Cohort, CohortMonth, Cohorts, CustomerBase, MonthOfBase},
};
use sea_orm::{ConnectionTrait as _, Value};

use crate::domain::month::{Month, Months};

/// Who bought in which month up to the last, with the month of their first purchase. `$1` is the first month
/// that is asked for, `$2` the last.
fn traded(scope: &Scope, months: Months, values: &mut Vec<Value>) -> String {
    values.extend([months.from.number().into(), months.to.number().into()]);
    let condition = reference::scope::of_customer(scope, "r.customer_id", values);
    format!(
        "WITH traded AS ( \
             SELECT DISTINCT d.customer_id, d.month, min(d.month) OVER (PARTITION BY d.customer_id) AS first \
             FROM dealing d JOIN customer_ref r ON r.customer_id = d.customer_id \
             WHERE d.purchases = 1 AND d.month <= CAST($2 AS bigint) AND {condition} \
         ) "
    )
}

/// New, trading and cumulative customers of each month. Whatever was before the first month is one row.
pub(crate) async fn customer_base(db: &Db, scope: &Scope, months: Months) -> Result<CustomerBase> {
    let mut values = Vec::new();
    let sql = traded(scope, months, &mut values)
        + "SELECT at, count(*) AS active, CAST(sum(is_new) AS bigint) AS fresh FROM ( \
               SELECT CASE WHEN month < CAST($1 AS bigint) THEN CAST($1 AS bigint) - 1 ELSE month END AS at, \
                   CASE WHEN month = first THEN 1 ELSE 0 END AS is_new FROM traded \
           ) counted GROUP BY at";
    let mut found: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        found.insert(row.try_get("", "at")?, (row.try_get("", "active")?, row.try_get("", "fresh")?));
    }
    let (_, mut cumulative) = found.remove(&(months.from.number() - 1)).unwrap_or_default();
    let month = |month: Month| {
        let (active, new) = found.get(&month.number()).copied().unwrap_or_default();
        cumulative += new;
        MonthOfBase {
            month: month.to_string(),
            new: Some(new),
            active: Some(active),
            cumulative: Some(cumulative),
        }
    };
    Ok(CustomerBase { months: months.each().map(month).collect() })
}

/// How many customers of each first month bought in each month since.
pub(crate) async fn cohorts(db: &Db, scope: &Scope, months: Months) -> Result<Cohorts> {
    let mut values = Vec::new();
    let sql = traded(scope, months, &mut values)
        + "SELECT first, month, count(*) AS customers FROM traded WHERE first >= CAST($1 AS bigint) \
           GROUP BY first, month";
    let mut found: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        found.insert((row.try_get("", "first")?, row.try_get("", "month")?), row.try_get("", "customers")?);
    }
    let cohort = |first: Month| {
        let own = first.number()..=months.to.number();
        let line = |(since, month)| CohortMonth {
            since,
            customers: Some(found.get(&(first.number(), month)).copied().unwrap_or_default()),
        };
        Cohort { month: first.to_string(), active: (0..).zip(own).map(line).collect() }
    };
    Ok(Cohorts { cohorts: months.each().map(cohort).collect() })
}
