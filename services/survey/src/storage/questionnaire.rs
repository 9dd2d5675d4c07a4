//! Questionnaires: a version is written once, never changed.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use kit::{Db, Error, Result, Work, db::statement};
use schema::api::{
    page::{self, Page},
    survey::{LocalText, Questionnaire, QuestionnaireFilter, QuestionnaireItem},
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};

/// Writes a version.
pub(crate) async fn add(work: &Work, new: &Questionnaire) -> Result<()> {
    let values = vec![
        new.code.as_str().into(),
        new.version.into(),
        to_json(&new.titles)?.into(),
        new.created_at.into(),
    ];
    let sql = "INSERT INTO questionnaire (code, version, titles, created_at) VALUES ($1, $2, $3, $4)";
    work.execute(sql, values).await?;
    for (position, item) in (0i32..).zip(&new.items) {
        let values = vec![
            new.code.as_str().into(),
            new.version.into(),
            item.code.as_str().into(),
            position.into(),
            to_json(&item.texts)?.into(),
            item.lo.into(),
            item.hi.into(),
            item.with_expectation.into(),
            item.weight.into(),
        ];
        let sql = "INSERT INTO questionnaire_item \
                   (code, version, item, position, texts, lo, hi, with_expectation, weight) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        work.execute(sql, values).await?;
    }
    Ok(())
}

/// One version.
pub(crate) async fn find(work: &Work, code: &str, version: i32) -> Result<Option<Questionnaire>> {
    let sql = with_items("SELECT * FROM questionnaire WHERE code = $1 AND version = $2");
    let rows = work.query_all(&sql, vec![code.into(), version.into()]).await?;
    Ok(assemble(&rows)?.pop())
}

/// One version, to show it.
pub(crate) async fn read(db: &Db, code: &str, version: i32) -> Result<Option<Questionnaire>> {
    let sql = with_items("SELECT * FROM questionnaire WHERE code = $1 AND version = $2");
    let values = vec![code.into(), version.into()];
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    Ok(assemble(&rows)?.pop())
}

/// The latest version of a code, if there is one.
pub(crate) async fn latest(work: &Work, code: &str) -> Result<Option<i32>> {
    let row =
        work.query_one("SELECT max(version) FROM questionnaire WHERE code = $1", vec![code.into()]).await?;
    Ok(row.map_or(Ok(None), |row| row.try_get_by_index(0))?)
}

/// A page of versions, by code and version.
pub(crate) async fn page(db: &Db, wanted: &QuestionnaireFilter) -> Result<Page<Questionnaire>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = format!("questionnaires?code={:?}&version={:?}", wanted.code, wanted.version);
    let mut values: Vec<Value> = Vec::new();
    let mut sql = "SELECT * FROM questionnaire WHERE 1 = 1".to_owned();
    if let Some(code) = &wanted.code {
        values.push(code.as_str().into());
        let _ = write!(sql, " AND code = ${}", values.len());
    }
    if let Some(version) = wanted.version {
        values.push(version.into());
        let _ = write!(sql, " AND version = ${}", values.len());
    }
    if let Some(after) = &wanted.after {
        let (code, version) = page::key_of::<(String, i32)>(&query, after)?;
        values.extend([code.into(), version.into()]);
        let _ = write!(sql, " AND (code, version) > (${}, ${})", values.len() - 1, values.len());
    }
    values.push(i64::from(limit + 1).into());
    let _ = write!(sql, " ORDER BY code, version LIMIT ${}", values.len());
    let rows = db.read().query_all_raw(statement(db.read(), &with_items(&sql), values)).await?;
    Ok(Page::of(assemble(&rows)?, limit, &query, |one| (one.code.clone(), one.version)))
}

/// The versions that a statement selects, with their items.
fn with_items(versions: &str) -> String {
    format!(
        "WITH q AS ({versions}) SELECT q.code, q.version, q.titles, q.created_at, i.item, i.texts, i.lo, i.hi, \
         i.with_expectation, i.weight FROM q JOIN questionnaire_item i ON i.code = q.code \
         AND i.version = q.version ORDER BY q.code, q.version, i.position"
    )
}

/// Puts rows of items together again; those of one version stand together.
fn assemble(rows: &[QueryResult]) -> Result<Vec<Questionnaire>> {
    let mut all: Vec<Questionnaire> = Vec::new();
    for row in rows {
        let (code, version): (String, i32) = (row.try_get("", "code")?, row.try_get("", "version")?);
        let item = item(row)?;
        match all.last_mut() {
            Some(last) if last.code == code && last.version == version => last.items.push(item),
            _ => all.push(Questionnaire {
                code,
                version,
                titles: from_json(&row.try_get::<String>("", "titles")?)?,
                items: vec![item],
                created_at: row.try_get::<DateTime<Utc>>("", "created_at")?,
            }),
        }
    }
    Ok(all)
}

fn item(row: &QueryResult) -> Result<QuestionnaireItem> {
    Ok(QuestionnaireItem {
        code: row.try_get("", "item")?,
        texts: from_json(&row.try_get::<String>("", "texts")?)?,
        lo: row.try_get("", "lo")?,
        hi: row.try_get("", "hi")?,
        with_expectation: row.try_get("", "with_expectation")?,
        weight: row.try_get("", "weight")?,
    })
}

fn to_json(texts: &[LocalText]) -> Result<String> {
    serde_json::to_string(texts).map_err(|error| Error::malformed("texts", error))
}

fn from_json(text: &str) -> Result<Vec<LocalText>> {
    serde_json::from_str(text).map_err(|error| Error::malformed("texts in a row", error))
}
