//! Service standards. One for any topic has an empty topic in its row.

use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
};
use schema::{
    access::Scope,
    api::{
        interaction::{ServiceStandard, Severity},
        page::{self, Page},
    },
};
use sea_orm::{ConnectionTrait as _, QueryResult};

/// Writes a standard, in place of the one before.
pub(crate) async fn put(work: &Work, standard: &ServiceStandard) -> Result<()> {
    work.execute(
        "INSERT INTO service_standard (topic, severity, response_minutes, resolution_minutes, warning_percent, \
         revision) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (topic, severity) DO UPDATE SET \
         response_minutes = excluded.response_minutes, resolution_minutes = excluded.resolution_minutes, \
         warning_percent = excluded.warning_percent, revision = excluded.revision",
        vec![
            standard.topic.clone().unwrap_or_default().into(),
            word(&standard.severity)?.into(),
            standard.response_minutes.into(),
            standard.resolution_minutes.into(),
            standard.warning_percent.into(),
            standard.revision.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Whether this part of the organisation is all of it: whether its root is within.
pub(crate) async fn is_whole(work: &Work, organisation: &Scope) -> Result<bool> {
    let mut values = Vec::new();
    let condition = reference::scope::of_org_unit(organisation, &mut values);
    let sql = format!("SELECT 1 FROM org_unit u WHERE u.parent_id IS NULL AND {condition} LIMIT 1");
    Ok(work.query_one(&sql, values).await?.is_some())
}

/// The standard for a topic and severity: its own, else that for any topic.
pub(crate) async fn of(work: &Work, topic: &str, severity: Severity) -> Result<Option<ServiceStandard>> {
    let sql = "SELECT * FROM service_standard WHERE severity = $1 AND topic IN ($2, '') \
               ORDER BY CASE WHEN topic = '' THEN 1 ELSE 0 END LIMIT 1";
    let row = work.query_one(sql, vec![word(&severity)?.into(), topic.into()]).await?;
    row.as_ref().map(standard).transpose()
}

/// A page of the standards, by topic and severity.
pub(crate) async fn page(db: &Db, after: Option<&str>, limit: u32) -> Result<Page<ServiceStandard>> {
    let query = "service-standards";
    let after: Option<(String, String)> = after.map(|cursor| page::key_of(query, cursor)).transpose()?;
    let (topic, severity) = after.unwrap_or_default();
    let sql = "SELECT * FROM service_standard WHERE (topic, severity) > ($1, $2) \
               ORDER BY topic, severity LIMIT $3";
    let values = vec![topic.into(), severity.into(), (i64::from(limit) + 1).into()];
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await?;
    let rows: Result<Vec<ServiceStandard>> = rows.iter().map(standard).collect();
    let key = |one: &ServiceStandard| {
        (one.topic.clone().unwrap_or_default(), word(&one.severity).unwrap_or_default())
    };
    Ok(Page::of(rows?, limit, query, key))
}

fn standard(row: &QueryResult) -> Result<ServiceStandard> {
    let topic: String = row.try_get("", "topic")?;
    Ok(ServiceStandard {
        topic: (!topic.is_empty()).then_some(topic),
        severity: from_word(row.try_get("", "severity")?)?,
        response_minutes: row.try_get("", "response_minutes")?,
        resolution_minutes: row.try_get("", "resolution_minutes")?,
        warning_percent: row.try_get("", "warning_percent")?,
        revision: row.try_get("", "revision")?,
    })
}
