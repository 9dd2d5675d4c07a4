//! The customer balance by month: one statement over the purchases of the customers in scope.

use std::collections::BTreeMap;

use kit::{Db, Result, db::statement};
use schema::{
    access::Scope,
    api::loyalty::{CustomerBalance, MonthOfBalance},
};
use sea_orm::{ConnectionTrait as _, Value};

use crate::domain::month::{Month, Months};

/// New, won back and lost customers of each month, and with them what each opens and closes with.
///
/// A customer is new in the month of the first purchase, lost `lapse` months after a purchase that none
/// followed until then, and won back in the month of the next purchase after that. So nobody is lost or won
/// back twice in a row, and the balance is the running sum. Whatever was before the first month is one row.
pub(crate) async fn customer_balance(
    db: &Db,
    scope: &Scope,
    months: Months,
    lapse: u32,
) -> Result<CustomerBalance> {
    let mut values: Vec<Value> =
        vec![months.from.number().into(), months.to.number().into(), i64::from(lapse).into()];
    let condition = reference::scope::of_customer(scope, "r.customer_id", &mut values);
    let sql = format!(
        "WITH traded AS ( \
             SELECT DISTINCT d.customer_id, d.month \
             FROM dealing d JOIN customer_ref r ON r.customer_id = d.customer_id \
             WHERE d.purchases = 1 AND d.month <= CAST($2 AS bigint) AND {condition} \
         ), beside AS ( \
             SELECT month, lag(month) OVER (PARTITION BY customer_id ORDER BY month) AS earlier, \
                 lead(month) OVER (PARTITION BY customer_id ORDER BY month) AS later FROM traded \
         ), happened AS ( \
             SELECT month, 'new' AS what FROM beside WHERE earlier IS NULL \
             UNION ALL \
             SELECT month, 'won' AS what FROM beside WHERE month - earlier > CAST($3 AS bigint) \
             UNION ALL \
             SELECT month + CAST($3 AS bigint) AS month, 'lost' AS what FROM beside \
             WHERE (later IS NULL OR later - month > CAST($3 AS bigint)) \
                 AND month + CAST($3 AS bigint) <= CAST($2 AS bigint) \
         ), placed AS ( \
             SELECT CASE WHEN month < CAST($1 AS bigint) THEN CAST($1 AS bigint) - 1 ELSE month END AS month, \
                 what FROM happened \
         ) SELECT month, what, count(*) AS customers FROM placed GROUP BY month, what"
    );
    let mut found: BTreeMap<(i64, String), i64> = BTreeMap::new();
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        found.insert((row.try_get("", "month")?, row.try_get("", "what")?), row.try_get("", "customers")?);
    }
    let of = |month: i64, what: &str| found.get(&(month, what.to_owned())).copied().unwrap_or_default();
    let moved = |month: i64| [of(month, "new"), of(month, "won"), of(month, "lost")];
    let [new, won_back, lost] = moved(months.from.number() - 1);
    let mut closing = new + won_back - lost;
    let line = |month: Month| {
        let (opening, [new, won_back, lost]) = (closing, moved(month.number()));
        closing = opening + new + won_back - lost;
        MonthOfBalance {
            month: month.to_string(),
            opening: Some(opening),
            new: Some(new),
            won_back: Some(won_back),
            lost: Some(lost),
            closing: Some(closing),
            retention_millionths: (opening > 0).then(|| (opening - lost) * 1_000_000 / opening),
        }
    };
    Ok(CustomerBalance { lapse_months: lapse, months: months.each().map(line).collect() })
}
