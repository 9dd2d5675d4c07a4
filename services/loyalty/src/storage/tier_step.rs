//! How tiers came to be, as the facts tell it by now.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
    rows::Rows,
};
use schema::{
    access::Scope,
    api::{
        loyalty::{Tier, TierChange, TierChangesQuery},
        page::{self, Page},
    },
    ids::CustomerId,
    value::Points,
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};

use crate::domain::standing::Step;

/// The steps of each of these customers, the earliest first. Raise the revisions first: it keeps other writers away.
pub(crate) async fn of(work: &Work, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, Vec<Step>>> {
    let numbered = |row: &QueryResult| Ok((row.try_get::<i64>("", "number")?, step_of(row)?));
    let found = super::of_each(work, customers, "SELECT * FROM tier_step WHERE", numbered).await?;
    let in_order = |(customer, mut steps): (CustomerId, Vec<(i64, Step)>)| {
        steps.sort_by_key(|(number, _)| *number);
        (customer, steps.into_iter().map(|(_, step)| step).collect())
    };
    Ok(found.into_iter().map(in_order).collect())
}

/// Steps of a customer that take the place of those that were there.
pub(crate) struct Rewritten {
    pub(crate) customer: CustomerId,
    /// How many there were.
    pub(crate) were: usize,
    /// How many of them stay as they are.
    pub(crate) same: usize,
    /// All of them by now.
    pub(crate) steps: Vec<Step>,
}

/// Keeps histories from where they differ.
pub(crate) async fn rewrite(work: &Work, histories: &[Rewritten]) -> Result<()> {
    let number = |place: usize| i64::try_from(place + 1).unwrap_or(i64::MAX);
    let mut gone = Rows::named("gone", ["customer_id", "number"]);
    let mut rows = Rows::into(
        "tier_step",
        ["customer_id", "number", "from_tier", "to_tier", "changed_at", "cause", "qualifying", "version"],
    );
    for Rewritten { customer, were, same, steps } in histories {
        for place in steps.len()..*were {
            gone.push([customer.uuid().into(), number(place).into()]);
        }
        for (place, step) in steps.iter().enumerate().skip(*same) {
            rows.push([
                customer.uuid().into(),
                number(place).into(),
                word(&step.from)?.into(),
                word(&step.to)?.into(),
                step.at.into(),
                word(&step.cause)?.into(),
                step.qualifying.into(),
                i64::from(step.version).into(),
            ]);
        }
    }
    let sql = |gone: &str| {
        format!(
            "DELETE FROM tier_step WHERE (customer_id, number) IN (SELECT customer_id, number FROM {gone})"
        )
    };
    work.execute_over(gone, sql).await?;
    let then = "ON CONFLICT (customer_id, number) DO UPDATE SET from_tier = excluded.from_tier, \
                to_tier = excluded.to_tier, changed_at = excluded.changed_at, cause = excluded.cause, \
                qualifying = excluded.qualifying, version = excluded.version";
    work.insert(rows, then).await
}

/// A page of a customer's tier changes, the latest first; empty when the customer is not in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    scope: &Scope,
    wanted: &TierChangesQuery,
) -> Result<Page<TierChange>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = format!("tier-changes?customer={customer}");
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let mut sql = format!(
        "SELECT t.* FROM tier_step t WHERE t.customer_id = $1 AND {}",
        reference::scope::of_customer(scope, "t.customer_id", &mut values)
    );
    if let Some(after) = &wanted.after {
        let number: i32 = page::key_of(&query, after)?;
        values.push(i64::from(number).into());
        sql.push_str(&format!(" AND t.number < ${}", values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY t.number DESC LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let changes: Result<Vec<TierChange>> = rows
        .iter()
        .map(|row| {
            let (step, number) = (step_of(row)?, row.try_get::<i64>("", "number")?);
            Ok(TierChange {
                number: i32::try_from(number).unwrap_or(i32::MAX),
                from: Some(step.from),
                to: Some(step.to),
                at: step.at,
                cause: step.cause,
                qualifying: Some(Points::new(step.qualifying)),
                programme_version: step.version,
            })
        })
        .collect();
    Ok(Page::of(changes?, limit, &query, |change| change.number))
}

fn step_of(row: &QueryResult) -> Result<Step> {
    let tier = |column| -> Result<Tier> { from_word(row.try_get("", column)?) };
    let at: DateTime<Utc> = row.try_get("", "changed_at")?;
    Ok(Step {
        from: tier("from_tier")?,
        to: tier("to_tier")?,
        at,
        cause: from_word(row.try_get("", "cause")?)?,
        qualifying: row.try_get("", "qualifying")?,
        version: i32::try_from(row.try_get::<i64>("", "version")?).unwrap_or(i32::MAX),
    })
}
