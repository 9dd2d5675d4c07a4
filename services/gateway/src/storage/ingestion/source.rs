//! Sources of tracked messages.

use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement, word},
};
use schema::{access::Scope, api::ingestion::IngestionSource, ids::IngestionSourceId, value::Currency};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

use crate::domain::ingestion::source::{MOST, WriteKey};

fn source(row: &QueryResult) -> Result<IngestionSource> {
    let mappings: String = row.try_get("", "mappings")?;
    let currency: Option<String> = row.try_get("", "currency")?;
    let malformed = |error: serde_json::Error| Error::malformed("the mappings of a source", error);
    Ok(IngestionSource {
        id: row.try_get::<Uuid>("", "id")?.into(),
        code: row.try_get("", "code")?,
        name: row.try_get("", "name")?,
        org_unit_id: row.try_get::<Uuid>("", "org_unit_id")?.into(),
        namespace: row.try_get("", "namespace")?,
        channel: from_word(row.try_get("", "channel")?)?,
        currency: currency.and_then(|code| Currency::try_from(code).ok()),
        mappings: serde_json::from_str(&mappings).map_err(malformed)?,
        active: row.try_get("", "active")?,
        write_key_hint: row.try_get("", "write_key_hint")?,
        created_at: row.try_get("", "created_at")?,
    })
}

/// How many there are.
pub(crate) async fn count(work: &Work) -> Result<i64> {
    let row = work.query_one("SELECT COUNT(*) FROM ingestion_source", Vec::new()).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// Adds one. A code that another has is a unique violation.
pub(crate) async fn add(work: &Work, new: &IngestionSource, key: &WriteKey) -> Result<()> {
    work.execute(
        "INSERT INTO ingestion_source (id, code, name, org_unit_id, namespace, channel, currency, mappings, active, \
         write_key_hash, write_key_hint, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vec![
            new.id.uuid().into(),
            new.code.as_str().into(),
            new.name.as_str().into(),
            new.org_unit_id.uuid().into(),
            new.namespace.as_str().into(),
            word(&new.channel)?.into(),
            new.currency.as_ref().map(|code| code.as_str().to_owned()).into(),
            mappings(new)?.into(),
            new.active.into(),
            key.hash().into(),
            key.hint().into(),
            new.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes what may change.
pub(crate) async fn put(work: &Work, source: &IngestionSource) -> Result<()> {
    work.execute(
        "UPDATE ingestion_source SET name = $2, org_unit_id = $3, channel = $4, currency = $5, mappings = $6, \
         active = $7 WHERE id = $1",
        vec![
            source.id.uuid().into(),
            source.name.as_str().into(),
            source.org_unit_id.uuid().into(),
            word(&source.channel)?.into(),
            source.currency.as_ref().map(|code| code.as_str().to_owned()).into(),
            mappings(source)?.into(),
            source.active.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Gives it another write key.
pub(crate) async fn put_key(work: &Work, id: IngestionSourceId, key: &WriteKey) -> Result<()> {
    let sql = "UPDATE ingestion_source SET write_key_hash = $2, write_key_hint = $3 WHERE id = $1";
    work.execute(sql, vec![id.uuid().into(), key.hash().into(), key.hint().into()]).await?;
    Ok(())
}

/// The source within a command, when its unit is in scope; other writers of it are kept away.
pub(crate) async fn find(
    work: &Work,
    id: IngestionSourceId,
    scope: &Scope,
) -> Result<Option<IngestionSource>> {
    work.exclusive(&format!("ingestion_source {id}")).await?;
    let mut values: Vec<Value> = vec![id.uuid().into()];
    let condition = reference::scope::of_org_unit(scope, &mut values);
    let sql = format!(
        "SELECT s.* FROM ingestion_source s JOIN org_unit u ON u.id = s.org_unit_id WHERE s.id = $1 AND {condition}"
    );
    work.query_one(&sql, values).await?.as_ref().map(source).transpose()
}

/// All whose units are in scope, by code; there are never more than [`MOST`].
pub(crate) async fn list(db: &Db, scope: &Scope) -> Result<Vec<IngestionSource>> {
    let mut values: Vec<Value> = Vec::new();
    let condition = reference::scope::of_org_unit(scope, &mut values);
    let sql = format!(
        "SELECT s.* FROM ingestion_source s JOIN org_unit u ON u.id = s.org_unit_id WHERE {condition} \
         ORDER BY s.code LIMIT {MOST}"
    );
    db.read().query_all_raw(statement(db.read(), &sql, values)).await?.iter().map(source).collect()
}

/// All, for the forwarder.
pub(crate) async fn all(db: &Db) -> Result<Vec<IngestionSource>> {
    let sql = "SELECT * FROM ingestion_source";
    db.read().query_all_raw(statement(db.read(), sql, Vec::new())).await?.iter().map(source).collect()
}

/// The active source of a write key.
pub(crate) async fn of_key(db: &Db, key: &WriteKey) -> Result<Option<IngestionSourceId>> {
    let sql = "SELECT id FROM ingestion_source WHERE write_key_hash = $1 AND active";
    let row = db.read().query_one_raw(statement(db.read(), sql, vec![key.hash().into()])).await?;
    Ok(row.map(|row| row.try_get_by_index::<Uuid>(0)).transpose()?.map(Into::into))
}

fn mappings(source: &IngestionSource) -> Result<String> {
    serde_json::to_string(&source.mappings)
        .map_err(|error| Error::malformed("the mappings of a source", error))
}
