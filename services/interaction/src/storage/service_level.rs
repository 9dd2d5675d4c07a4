//! What the cases of a unit came to, measured in working minutes.

use chrono::{DateTime, Utc};
use kit::{Db, Result, db::statement};
use schema::{
    access::Scope,
    api::interaction::{ServiceLevel, ServiceLevelQuery, ServiceLevels},
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};

use super::case_clock::{BELOW, is_unit_in};

/// The topics in a report.
const TOPICS: i64 = 100;

/// How fast the cases of a unit's subtree were resolved; none when the unit is not within the viewer's
/// organisation. The total is read as a topic of its own, because a percentile of topics is not one of cases.
pub(crate) async fn report(
    db: &Db,
    asked: &ServiceLevelQuery,
    now: DateTime<Utc>,
    organisation: &Scope,
    scope: &Scope,
) -> Result<Option<ServiceLevels>> {
    if !is_unit_in(db, asked.org_unit_id, organisation).await? {
        return Ok(None);
    }
    let total = levels(db, asked, now, scope, "CAST('' AS text)")
        .await?
        .pop()
        .map(|level| ServiceLevel { topic: None, ..level });
    let none = ServiceLevel {
        topic: None,
        n: 0,
        met: 0,
        breached: 0,
        pending: 0,
        measured: 0,
        p50_minutes: None,
        p90_minutes: None,
    };
    Ok(Some(ServiceLevels {
        org_unit_id: asked.org_unit_id,
        from: asked.from,
        to: asked.to,
        total: total.unwrap_or(none),
        topics: levels(db, asked, now, scope, "c.topic").await?,
    }))
}

/// The figures of each group of cases. The nearest rank of p per cent among m values is the smallest whole
/// number not below p·m/100; cases without a measured time come last and are in no rank.
async fn levels(
    db: &Db,
    asked: &ServiceLevelQuery,
    now: DateTime<Utc>,
    scope: &Scope,
    group: &str,
) -> Result<Vec<ServiceLevel>> {
    let mut values: Vec<Value> =
        vec![asked.org_unit_id.uuid().into(), asked.from.into(), asked.to.into(), now.into(), TOPICS.into()];
    let condition = reference::scope::of_customer(scope, "c.customer_id", &mut values);
    let topic = match &asked.topic {
        Some(topic) => {
            values.push(topic.as_str().into());
            format!("c.topic = ${}", values.len())
        }
        None => "1 = 1".to_owned(),
    };
    let sql = format!(
        "SELECT topic, COUNT(*) AS n, SUM(met) AS met, SUM(breached) AS breached, \
         SUM(measured) AS measured, \
         MAX(CASE WHEN place = (ranked * 50 + 99) / 100 THEN worked_minutes END) AS p50, \
         MAX(CASE WHEN place = (ranked * 90 + 99) / 100 THEN worked_minutes END) AS p90 \
         FROM (SELECT {group} AS topic, c.worked_minutes, \
             CASE WHEN c.resolved_at <= c.due_at THEN 1 ELSE 0 END AS met, \
             CASE WHEN c.resolved_at > c.due_at OR (c.resolved_at IS NULL AND c.due_at < $4) \
                 THEN 1 ELSE 0 END AS breached, \
             CASE WHEN c.worked_minutes IS NOT NULL THEN 1 ELSE 0 END AS measured, \
             COUNT(c.worked_minutes) OVER (PARTITION BY {group}) AS ranked, \
             ROW_NUMBER() OVER (PARTITION BY {group} ORDER BY CASE WHEN c.worked_minutes IS NULL THEN 1 ELSE 0 END, \
                 c.worked_minutes) AS place \
             FROM service_case c WHERE c.org_unit_id IN ({BELOW}) AND c.occurred_at >= $2 AND c.occurred_at < $3 \
             AND {topic} AND {condition}) counted \
         GROUP BY topic ORDER BY COUNT(*) DESC, topic LIMIT $5"
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    rows.iter().map(level).collect()
}

fn level(row: &QueryResult) -> Result<ServiceLevel> {
    let (n, met, breached): (i64, i64, i64) =
        (row.try_get("", "n")?, row.try_get("", "met")?, row.try_get("", "breached")?);
    Ok(ServiceLevel {
        topic: Some(row.try_get("", "topic")?),
        n,
        met,
        breached,
        pending: n - met - breached,
        measured: row.try_get("", "measured")?,
        p50_minutes: row.try_get("", "p50")?,
        p90_minutes: row.try_get("", "p90")?,
    })
}
