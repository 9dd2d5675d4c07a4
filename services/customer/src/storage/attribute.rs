//! Attributes: what can be known of customers.

use std::collections::{BTreeMap, BTreeSet};

use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
};
use schema::{
    api::{
        customer::{Attribute, AttributeFilter},
        page::{self, Page},
    },
    ids::AttributeId,
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

const FROM: &str = "SELECT a.*, v.revision FROM attribute a JOIN revision v ON v.subject_id = a.id";

fn attribute(row: &QueryResult) -> Result<Attribute> {
    Ok(Attribute {
        id: row.try_get::<Uuid>("", "id")?.into(),
        code: row.try_get("", "code")?,
        name: row.try_get("", "name")?,
        value_type: from_word(row.try_get("", "value_type")?)?,
        unit: row.try_get("", "unit")?,
        class: from_word(row.try_get("", "class")?)?,
        segmentable: row.try_get("", "segmentable")?,
        retired_at: row.try_get("", "retired_at")?,
        revision: row.try_get("", "revision")?,
    })
}

/// How many there are.
pub(crate) async fn count(work: &Work) -> Result<i64> {
    let row = work.query_one("SELECT COUNT(*) FROM attribute", Vec::new()).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// The attribute with this id.
pub(crate) async fn find(work: &Work, id: AttributeId) -> Result<Option<Attribute>> {
    let row = work.query_one(&format!("{FROM} WHERE a.id = $1"), vec![id.uuid().into()]).await?;
    row.as_ref().map(attribute).transpose()
}

/// The attribute with this code.
pub(crate) async fn by_code(work: &Work, code: &str) -> Result<Option<Attribute>> {
    let row = work.query_one(&format!("{FROM} WHERE a.code = $1"), vec![code.into()]).await?;
    row.as_ref().map(attribute).transpose()
}

/// All that are not retired, by code; at most 200 can be defined.
pub(crate) async fn open(work: &Work) -> Result<BTreeMap<String, Attribute>> {
    let rows = work.query_all(&format!("{FROM} WHERE a.retired_at IS NULL"), Vec::new()).await?;
    rows.iter().map(|row| attribute(row).map(|one| (one.code.clone(), one))).collect()
}

/// The attributes with these codes, by code.
pub(crate) async fn by_codes(work: &Work, codes: &BTreeSet<&str>) -> Result<BTreeMap<String, Attribute>> {
    if codes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let places: Vec<String> = (1..=codes.len()).map(|at| format!("${at}")).collect();
    let sql = format!("{FROM} WHERE a.code IN ({})", places.join(", "));
    let rows = work.query_all(&sql, codes.iter().map(|code| (*code).into()).collect()).await?;
    rows.iter().map(|row| attribute(row).map(|found| (found.code.clone(), found))).collect()
}

/// Adds one. A code that another has is a unique violation.
pub(crate) async fn add(work: &Work, new: &Attribute) -> Result<()> {
    work.execute(
        "INSERT INTO attribute (id, code, name, value_type, unit, class, segmentable) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            new.id.uuid().into(),
            new.code.as_str().into(),
            new.name.as_str().into(),
            word(&new.value_type)?.into(),
            new.unit.clone().into(),
            word(&new.class)?.into(),
            new.segmentable.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes name, unit and whether it is retired; nothing else changes.
pub(crate) async fn put(work: &Work, attribute: &Attribute) -> Result<()> {
    let values = vec![
        attribute.id.uuid().into(),
        attribute.name.as_str().into(),
        attribute.unit.clone().into(),
        attribute.retired_at.into(),
    ];
    work.execute("UPDATE attribute SET name = $2, unit = $3, retired_at = $4 WHERE id = $1", values).await?;
    Ok(())
}

/// A page of the attributes, by code.
pub(crate) async fn list(db: &Db, filter: &AttributeFilter) -> Result<Page<Attribute>> {
    let limit = page::limit(filter.limit, page::LIMIT_MAX)?;
    let query = "attributes";
    let mut values: Vec<Value> = Vec::new();
    let mut sql = FROM.to_owned();
    if let Some(after) = &filter.after {
        values.push(page::key_of::<String>(query, after)?.into());
        sql.push_str(" WHERE a.code > $1");
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY a.code LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let found: Result<Vec<Attribute>> = rows.iter().map(attribute).collect();
    Ok(Page::of(found?, limit, query, |one| one.code.clone()))
}
