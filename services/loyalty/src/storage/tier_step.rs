//! How tiers came to be, as the facts tell it by now.

use chrono::{DateTime, Utc};
use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
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

/// The steps of a customer, the earliest first. Raise the revision first: it keeps other writers away.
pub(crate) async fn of(work: &Work, customer: CustomerId) -> Result<Vec<Step>> {
    let sql = "SELECT * FROM tier_step WHERE customer_id = $1 ORDER BY number";
    work.query_all(sql, vec![customer.uuid().into()]).await?.iter().map(step_of).collect()
}

/// Keeps the steps from one on in the place of those that were there.
pub(crate) async fn replace(work: &Work, customer: CustomerId, from: usize, steps: &[Step]) -> Result<()> {
    let id = customer.uuid();
    let first = i64::try_from(from).unwrap_or(i64::MAX);
    work.execute(
        "DELETE FROM tier_step WHERE customer_id = $1 AND number > $2",
        vec![id.into(), first.into()],
    )
    .await?;
    for (number, step) in (first + 1..).zip(steps.iter().skip(from)) {
        work.execute(
            "INSERT INTO tier_step (customer_id, number, from_tier, to_tier, changed_at, cause, qualifying, \
                 version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            vec![
                id.into(),
                number.into(),
                word(&step.from)?.into(),
                word(&step.to)?.into(),
                step.at.into(),
                word(&step.cause)?.into(),
                step.qualifying.into(),
                i64::from(step.version).into(),
            ],
        )
        .await?;
    }
    Ok(())
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
