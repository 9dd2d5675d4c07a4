//! Observations of attributes: added, and taken back; what was observed never changes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement},
    rows::{Rows, among},
};
use schema::{
    api::{
        customer::{Attribute, Observation, ObservationFilter},
        page::{self, Page},
    },
    ids::{AttributeId, CustomerId, ObservationId},
};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use crate::domain::attribute::{self, Kept};

const COLUMNS: &str = "o.customer_id, o.id, o.value_number, o.value_text, o.source, o.observed_at, o.recorded_at, \
                       o.taken_back_at, o.taken_back_by, o.taken_back_reason, a.code, a.class, a.value_type, a.unit";

fn observation(row: &QueryResult) -> Result<Observation> {
    let number = row.try_get("", "value_number")?;
    let text = row.try_get("", "value_text")?;
    let value = attribute::value(from_word(row.try_get("", "value_type")?)?, number, text)
        .ok_or_else(|| Error::malformed("an observation", "its value is not of the attribute's type"))?;
    Ok(Observation {
        id: row.try_get::<Uuid>("", "id")?.into(),
        attribute: row.try_get("", "code")?,
        class: from_word(row.try_get("", "class")?)?,
        value: Some(value),
        unit: row.try_get("", "unit")?,
        source: row.try_get("", "source")?,
        observed_at: row.try_get("", "observed_at")?,
        recorded_at: row.try_get("", "recorded_at")?,
        taken_back_at: row.try_get("", "taken_back_at")?,
        taken_back_by: row.try_get("", "taken_back_by")?,
        taken_back_reason: row.try_get("", "taken_back_reason")?,
    })
}

/// An observation to add; `value` and `observed_at` are as they are kept.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    pub(crate) of: Attribute,
    pub(crate) value: Kept,
    pub(crate) source: String,
    pub(crate) observed_at: DateTime<Utc>,
}

/// Adds observations, each of one customer.
pub(crate) async fn add(work: &Work, observed: &[(CustomerId, &Observed)]) -> Result<()> {
    let mut rows = Rows::into(
        "observation",
        [
            "customer_id",
            "id",
            "attribute_id",
            "value_number",
            "value_text",
            "source",
            "observed_at",
            "recorded_at",
        ],
    );
    for (customer, one) in observed {
        let (number, text) = match &one.value {
            Kept::Number(number) => (Some(*number), None),
            Kept::Text(text) => (None, Some(text.clone())),
        };
        rows.push([
            customer.uuid().into(),
            work.new_id::<ObservationId>().uuid().into(),
            one.of.id.uuid().into(),
            number.into(),
            text.into(),
            one.source.as_str().into(),
            one.observed_at.into(),
            work.now().into(),
        ]);
    }
    work.insert(rows, "").await
}

/// The observation of an attribute that counts: the latest, as in [`latest`].
pub(crate) async fn counting(
    work: &Work,
    customer: CustomerId,
    attribute: AttributeId,
) -> Result<Option<Observation>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM observation o JOIN attribute a ON a.id = o.attribute_id WHERE o.customer_id = $1 \
         AND o.attribute_id = $2 AND o.taken_back_at IS NULL ORDER BY o.observed_at DESC, o.id DESC LIMIT 1"
    );
    let row = work.query_one(&sql, vec![customer.uuid().into(), attribute.uuid().into()]).await?;
    row.as_ref().map(observation).transpose()
}

/// One of a customer's observations, within a command that has made sure of the scope.
pub(crate) async fn find(
    work: &Work,
    customer: CustomerId,
    id: ObservationId,
) -> Result<Option<Observation>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM observation o JOIN attribute a ON a.id = o.attribute_id \
         WHERE o.customer_id = $1 AND o.id = $2"
    );
    let row = work.query_one(&sql, vec![customer.uuid().into(), id.uuid().into()]).await?;
    row.as_ref().map(observation).transpose()
}

/// Takes one back.
pub(crate) async fn take_back(
    work: &Work,
    customer: CustomerId,
    id: ObservationId,
    by: &str,
    reason: &str,
) -> Result<()> {
    let sql = "UPDATE observation SET taken_back_at = $3, taken_back_by = $4, taken_back_reason = $5 \
               WHERE customer_id = $1 AND id = $2";
    let values = vec![customer.uuid().into(), id.uuid().into(), work.now().into(), by.into(), reason.into()];
    work.execute(sql, values).await?;
    Ok(())
}

/// The latest observation of each attribute of these customers, by code; only what was observed until
/// `as_of`, when it is given. Among those of one time the one recorded last counts, and
/// what was taken back does not.
pub(crate) async fn latest(
    connection: &impl ConnectionTrait,
    customers: &[Uuid],
    as_of: Option<DateTime<Utc>>,
) -> Result<BTreeMap<Uuid, Vec<Observation>>> {
    let mut values = Vec::new();
    let listed =
        among(connection.get_database_backend(), "l.customer_id", customers.iter().copied(), &mut values);
    let mut until = String::new();
    if let Some(as_of) = as_of {
        values.push(as_of.into());
        until = format!(" AND l.observed_at <= ${}", values.len());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT l.*, ROW_NUMBER() OVER (PARTITION BY l.customer_id, l.attribute_id \
         ORDER BY l.observed_at DESC, l.id DESC) AS place FROM observation l WHERE {listed} \
         AND l.taken_back_at IS NULL{until}) o \
         JOIN attribute a ON a.id = o.attribute_id WHERE o.place = 1 ORDER BY o.customer_id, a.code"
    );
    let mut found: BTreeMap<Uuid, Vec<Observation>> = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        found.entry(row.try_get("", "customer_id")?).or_default().push(observation(&row)?);
    }
    Ok(found)
}

/// A page of a customer's observations, observed last first; the door has made sure of the scope.
pub(crate) async fn history(
    db: &Db,
    customer: CustomerId,
    filter: &ObservationFilter,
) -> Result<Page<Observation>> {
    let limit = page::limit(filter.limit, page::LIMIT_MAX)?;
    let query = format!("observations?customer={customer}&attribute={:?}", filter.attribute);
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let mut sql = format!(
        "SELECT {COLUMNS} FROM observation o JOIN attribute a ON a.id = o.attribute_id WHERE o.customer_id = $1"
    );
    if let Some(code) = &filter.attribute {
        values.push(code.as_str().into());
        sql.push_str(&format!(" AND a.code = ${}", values.len()));
    }
    if let Some(after) = &filter.after {
        let (at, id) = page::place_of(&query, after)?;
        values.push(at.into());
        values.push(id.into());
        sql.push_str(&format!(" AND (o.observed_at, o.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY o.observed_at DESC, o.id DESC LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let found: Result<Vec<Observation>> = rows.iter().map(observation).collect();
    Ok(Page::of(found?, limit, &query, |one| (one.observed_at, one.id.uuid())))
}
