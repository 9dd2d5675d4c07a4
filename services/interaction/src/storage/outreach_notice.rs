//! Outreaches of this service's own that were granted: those that wait to be sent, and those that were.

use chrono::{DateTime, Utc};
use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
};
use schema::{
    access::Scope,
    api::{
        interaction::{OutreachPath, OutreachToSend, OutreachesQuery},
        page::{self, Page},
    },
    value::Points,
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

/// Writes one that was granted now.
pub(crate) async fn add(work: &Work, one: &OutreachToSend) -> Result<()> {
    let sql = "INSERT INTO outreach_notice (customer_id, outreach_id, reason, channel, not_before, expires_at, \
               points) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values: Vec<Value> = vec![
        one.customer_id.uuid().into(),
        one.outreach_id.uuid().into(),
        one.reason.as_str().into(),
        word(&one.channel)?.into(),
        one.not_before.into(),
        one.expires_at.into(),
        one.points.map(Points::get).into(),
    ];
    work.execute(sql, values).await?;
    Ok(())
}

/// A page of those that may be sent now and were not, to customers in scope: which may be sent first come first.
pub(crate) async fn to_send(
    db: &Db,
    scope: &Scope,
    wanted: &OutreachesQuery,
    now: DateTime<Utc>,
) -> Result<Page<OutreachToSend>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = "outreaches/to-send";
    let mut values: Vec<Value> = vec![now.into()];
    let mut sql = format!(
        "SELECT n.* FROM outreach_notice n WHERE n.sent_at IS NULL AND n.not_before <= $1 AND n.expires_at > $1 \
         AND {}",
        reference::scope::of_customer(scope, "n.customer_id", &mut values)
    );
    if let Some(after) = &wanted.after {
        let (not_before, id) = page::place_of(query, after)?;
        values.extend([not_before.into(), id.into()]);
        let (time, id) = (values.len() - 1, values.len());
        sql.push_str(&format!(" AND (n.not_before, n.outreach_id) > (${time}, ${id})"));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY n.not_before, n.outreach_id LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let waiting: Result<Vec<OutreachToSend>> = rows.iter().map(notice).collect();
    Ok(Page::of(waiting?, limit, query, |one| (one.not_before, one.outreach_id)))
}

/// One of them, sent or not.
pub(crate) async fn find(work: &Work, path: &OutreachPath) -> Result<Option<OutreachToSend>> {
    let sql = "SELECT * FROM outreach_notice WHERE customer_id = $1 AND outreach_id = $2";
    let values = vec![path.customer_id.uuid().into(), path.outreach_id.uuid().into()];
    work.query_one(sql, values).await?.map(|row| notice(&row)).transpose()
}

/// Notes that it is handed to the channel now.
pub(crate) async fn sent(work: &Work, path: &OutreachPath) -> Result<()> {
    let sql = "UPDATE outreach_notice SET sent_at = $3 WHERE customer_id = $1 AND outreach_id = $2";
    let values = vec![path.customer_id.uuid().into(), path.outreach_id.uuid().into(), work.now().into()];
    work.execute(sql, values).await?;
    Ok(())
}

fn notice(row: &QueryResult) -> Result<OutreachToSend> {
    Ok(OutreachToSend {
        outreach_id: row.try_get::<Uuid>("", "outreach_id")?.into(),
        customer_id: row.try_get::<Uuid>("", "customer_id")?.into(),
        reason: row.try_get("", "reason")?,
        channel: from_word(row.try_get("", "channel")?)?,
        not_before: row.try_get("", "not_before")?,
        expires_at: row.try_get("", "expires_at")?,
        points: row.try_get::<Option<i64>>("", "points")?.map(Points::new),
        sent_at: row.try_get("", "sent_at")?,
    })
}
