//! Words of customers on what we may reach them for: added, never changed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
    rows::among,
};
use schema::{
    api::{
        customer::{ConsentFilter, ConsentWord, NewConsent},
        page::{self, Page},
    },
    ids::{ConsentId, CustomerId},
};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use crate::domain::consent::Word;

const COLUMNS: &str = "c.customer_id, c.id, c.purpose, c.channel, c.status, c.given_at, c.expires_at, c.source, \
                       c.said_by, c.recorded_by, c.recorded_at";

fn read(row: &QueryResult) -> Result<ConsentWord> {
    Ok(ConsentWord {
        id: row.try_get::<Uuid>("", "id")?.into(),
        purpose: from_word(row.try_get("", "purpose")?)?,
        channel: from_word(row.try_get("", "channel")?)?,
        status: from_word(row.try_get("", "status")?)?,
        given_at: row.try_get("", "given_at")?,
        expires_at: row.try_get("", "expires_at")?,
        source: row.try_get("", "source")?,
        said_by: row.try_get("", "said_by")?,
        recorded_by: row.try_get("", "recorded_by")?,
        recorded_at: row.try_get("", "recorded_at")?,
    })
}

/// Adds one; `kept` is what of it is kept in another form than it was given.
pub(crate) async fn add(work: &Work, customer: CustomerId, new: &NewConsent, kept: Word) -> Result<()> {
    let recorded_by =
        work.viewer().map(|viewer| viewer.staff.clone().unwrap_or_else(|| viewer.subject.clone()));
    work.execute(
        "INSERT INTO consent (customer_id, id, purpose, channel, status, given_at, expires_at, source, said_by, \
         recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vec![
            customer.uuid().into(),
            work.new_id::<ConsentId>().uuid().into(),
            word(&new.purpose)?.into(),
            word(&new.channel)?.into(),
            word(&new.status)?.into(),
            kept.given_at.into(),
            kept.expires_at.into(),
            new.source.as_str().into(),
            kept.said_by.into(),
            recorded_by.into(),
            work.now().into(),
        ],
    )
    .await?;
    Ok(())
}

/// The word of these customers that counts on each purpose and channel: the latest; of those of one time the
/// one recorded last. Only what was said until `as_of`, when it is given.
pub(crate) async fn latest(
    connection: &impl ConnectionTrait,
    customers: &[Uuid],
    as_of: Option<DateTime<Utc>>,
) -> Result<BTreeMap<Uuid, Vec<ConsentWord>>> {
    let mut values = Vec::new();
    let listed =
        among(connection.get_database_backend(), "l.customer_id", customers.iter().copied(), &mut values);
    let mut until = String::new();
    if let Some(as_of) = as_of {
        values.push(as_of.into());
        until = format!(" AND l.given_at <= ${}", values.len());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT l.*, ROW_NUMBER() OVER (PARTITION BY l.customer_id, l.purpose, l.channel \
         ORDER BY l.given_at DESC, l.id DESC) AS place FROM consent l WHERE {listed}{until}) c \
         WHERE c.place = 1 ORDER BY c.customer_id, c.purpose, c.channel"
    );
    let mut found: BTreeMap<Uuid, Vec<ConsentWord>> = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        found.entry(row.try_get("", "customer_id")?).or_default().push(read(&row)?);
    }
    Ok(found)
}

/// A page of a customer's words, given last first; the door has made sure of the scope.
pub(crate) async fn history(
    db: &Db,
    customer: CustomerId,
    filter: &ConsentFilter,
) -> Result<Page<ConsentWord>> {
    let limit = page::limit(filter.limit, page::LIMIT_MAX)?;
    let query =
        format!("consents?customer={customer}&purpose={:?}&channel={:?}", filter.purpose, filter.channel);
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let mut sql = format!("SELECT {COLUMNS} FROM consent c WHERE c.customer_id = $1");
    if let Some(purpose) = &filter.purpose {
        values.push(word(purpose)?.into());
        sql.push_str(&format!(" AND c.purpose = ${}", values.len()));
    }
    if let Some(channel) = &filter.channel {
        values.push(word(channel)?.into());
        sql.push_str(&format!(" AND c.channel = ${}", values.len()));
    }
    if let Some(after) = &filter.after {
        let (at, id) = page::place_of(&query, after)?;
        values.push(at.into());
        values.push(id.into());
        sql.push_str(&format!(" AND (c.given_at, c.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY c.given_at DESC, c.id DESC LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let found: Result<Vec<ConsentWord>> = rows.iter().map(read).collect();
    Ok(Page::of(found?, limit, &query, |one| (one.given_at, one.id.uuid())))
}
