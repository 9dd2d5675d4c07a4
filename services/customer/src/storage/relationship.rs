//! Relationships: a row for each of the two customers, written together.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
    rows::among,
};
use schema::{
    api::{
        customer::{
            Direction, NewRelationship, Relationship, RelationshipCount, RelationshipFilter, RelationshipKind,
        },
        page::{self, Page},
    },
    ids::{CustomerId, RelationshipId},
};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use crate::domain;

const COLUMNS: &str = "r.id, r.kind, r.direction, r.other_customer_id, r.valid_from, r.valid_until";

fn relationship(row: &QueryResult) -> Result<Relationship> {
    Ok(Relationship {
        id: row.try_get::<Uuid>("", "id")?.into(),
        kind: from_word(row.try_get("", "kind")?)?,
        direction: from_word(row.try_get("", "direction")?)?,
        other_customer_id: row.try_get::<Uuid>("", "other_customer_id")?.into(),
        valid_from: row.try_get("", "valid_from")?,
        valid_until: row.try_get("", "valid_until")?,
    })
}

/// Keeps other writers of both customers away, always in the same order, so that two commands that name
/// the same two the other way round do not wait for each other.
pub(crate) async fn lock(work: &Work, one: CustomerId, other: CustomerId) -> Result<()> {
    for id in [one.min(other), one.max(other)] {
        let values = vec![id.uuid().into()];
        work.execute("UPDATE revision SET revision = revision WHERE subject_id = $1", values).await?;
    }
    Ok(())
}

/// Adds a relationship that goes out from `from`.
pub(crate) async fn add(
    work: &Work,
    from: CustomerId,
    id: RelationshipId,
    new: &NewRelationship,
) -> Result<()> {
    let to = new.to_customer_id;
    let next_turn = domain::relationship::next_turn(new.valid_from, new.valid_until, work.now().date_naive());
    for (customer, other, direction) in [(from, to, Direction::From), (to, from, Direction::To)] {
        work.execute(
            "INSERT INTO relationship \
             (customer_id, id, other_customer_id, direction, kind, valid_from, valid_until, next_turn) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            vec![
                customer.uuid().into(),
                id.uuid().into(),
                other.uuid().into(),
                word(&direction)?.into(),
                word(&new.kind)?.into(),
                new.valid_from.into(),
                new.valid_until.into(),
                next_turn.into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// Whether the two are so related on any day of the new relationship.
pub(crate) async fn is_related(work: &Work, from: CustomerId, new: &NewRelationship) -> Result<bool> {
    let row = work
        .query_one(
            "SELECT 1 FROM relationship WHERE customer_id = $1 AND other_customer_id = $2 AND direction = $3 \
             AND kind = $4 AND valid_from <= $5 AND (valid_until IS NULL OR valid_until >= $6) LIMIT 1",
            vec![
                from.uuid().into(),
                new.to_customer_id.uuid().into(),
                word(&Direction::From)?.into(),
                word(&new.kind)?.into(),
                new.valid_until.unwrap_or(domain::day::LAST).into(),
                new.valid_from.into(),
            ],
        )
        .await?;
    Ok(row.is_some())
}

/// One of a customer's relationships, within a command that has made sure of the scope.
pub(crate) async fn find(
    work: &Work,
    customer: CustomerId,
    id: RelationshipId,
) -> Result<Option<Relationship>> {
    let sql = format!("SELECT {COLUMNS} FROM relationship r WHERE r.customer_id = $1 AND r.id = $2");
    let row = work.query_one(&sql, vec![customer.uuid().into(), id.uuid().into()]).await?;
    row.as_ref().map(relationship).transpose()
}

/// Sets the last day, for both customers.
pub(crate) async fn end(
    work: &Work,
    customer: CustomerId,
    relationship: &Relationship,
    until: NaiveDate,
) -> Result<()> {
    let next_turn =
        domain::relationship::next_turn(relationship.valid_from, Some(until), work.now().date_naive());
    for customer in [customer, relationship.other_customer_id] {
        work.execute(
            "UPDATE relationship SET valid_until = $3, next_turn = $4 WHERE customer_id = $1 AND id = $2",
            vec![customer.uuid().into(), relationship.id.uuid().into(), until.into(), next_turn.into()],
        )
        .await?;
    }
    Ok(())
}

/// Relationships that began or were over by `today` and whose customer's file was not told of yet.
pub(crate) async fn due(db: &Db, today: NaiveDate, limit: u32) -> Result<Vec<(CustomerId, RelationshipId)>> {
    let sql = "SELECT customer_id, id FROM relationship WHERE next_turn <= $1 ORDER BY next_turn LIMIT $2";
    let values = vec![today.into(), i64::from(limit).into()];
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await?;
    let pair = |row: &QueryResult| {
        let (customer, id): (Uuid, Uuid) = (row.try_get("", "customer_id")?, row.try_get("", "id")?);
        Ok((customer.into(), id.into()))
    };
    rows.iter().map(pair).collect()
}

/// Whether this one is still among those.
pub(crate) async fn is_due(
    work: &Work,
    customer: CustomerId,
    id: RelationshipId,
    today: NaiveDate,
) -> Result<bool> {
    let sql = "SELECT 1 FROM relationship WHERE customer_id = $1 AND id = $2 AND next_turn <= $3";
    let values = vec![customer.uuid().into(), id.uuid().into(), today.into()];
    Ok(work.query_one(sql, values).await?.is_some())
}

/// Sets when it is to be looked at again.
pub(crate) async fn set_next_turn(
    work: &Work,
    customer: CustomerId,
    id: RelationshipId,
    next: Option<NaiveDate>,
) -> Result<()> {
    let values = vec![customer.uuid().into(), id.uuid().into(), next.into()];
    work.execute("UPDATE relationship SET next_turn = $3 WHERE customer_id = $1 AND id = $2", values).await?;
    Ok(())
}

/// A page of a customer's relationships valid on a day, recorded last first; the door has made sure of the
/// scope.
pub(crate) async fn list(
    db: &Db,
    customer: CustomerId,
    filter: &RelationshipFilter,
    as_of: NaiveDate,
) -> Result<Page<Relationship>> {
    let limit = page::limit(filter.limit, page::LIMIT_MAX)?;
    let query = format!(
        "relationships?customer={customer}&kind={:?}&direction={:?}&as_of={:?}",
        filter.kind, filter.direction, filter.as_of
    );
    let mut values: Vec<Value> = vec![customer.uuid().into(), as_of.into()];
    let mut sql = format!(
        "SELECT {COLUMNS} FROM relationship r WHERE r.customer_id = $1 AND r.valid_from <= $2 \
         AND (r.valid_until IS NULL OR r.valid_until >= $2)"
    );
    if let Some(kind) = &filter.kind {
        values.push(word(kind)?.into());
        sql.push_str(&format!(" AND r.kind = ${}", values.len()));
    }
    if let Some(direction) = &filter.direction {
        values.push(word(direction)?.into());
        sql.push_str(&format!(" AND r.direction = ${}", values.len()));
    }
    if let Some(after) = &filter.after {
        values.push(page::key_of::<Uuid>(&query, after)?.into());
        sql.push_str(&format!(" AND r.id < ${}", values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY r.id DESC LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let found: Result<Vec<Relationship>> = rows.iter().map(relationship).collect();
    Ok(Page::of(found?, limit, &query, |one| one.id.uuid()))
}

/// What a file shows of a customer's relationships.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) newest: Vec<Relationship>,
    pub(super) counts: Vec<RelationshipCount>,
}

/// What the files of these customers show of the relationships valid on a day.
pub(super) async fn shown(
    connection: &impl ConnectionTrait,
    customers: &[Uuid],
    as_of: NaiveDate,
) -> Result<BTreeMap<Uuid, Shown>> {
    let mut values: Vec<Value> = vec![as_of.into(), i64::from(domain::relationship::SHOWN).into()];
    let backend = connection.get_database_backend();
    let listed = among(backend, "v.customer_id", customers.iter().copied(), &mut values);
    let sql = format!(
        "SELECT r.customer_id, {COLUMNS}, r.alike FROM (\
         SELECT v.*, ROW_NUMBER() OVER (PARTITION BY v.customer_id ORDER BY v.id DESC) AS place, \
         ROW_NUMBER() OVER (PARTITION BY v.customer_id, v.kind, v.direction ORDER BY v.id DESC) AS place_of_kind, \
         COUNT(*) OVER (PARTITION BY v.customer_id, v.kind, v.direction) AS alike \
         FROM relationship v WHERE {listed} AND v.valid_from <= $1 \
         AND (v.valid_until IS NULL OR v.valid_until >= $1)) r \
         WHERE r.place <= $2 OR r.place_of_kind = 1 ORDER BY r.customer_id, r.id DESC"
    );
    let mut found: BTreeMap<Uuid, Shown> = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        let shown = found.entry(row.try_get("", "customer_id")?).or_default();
        let one = relationship(&row)?;
        if !shown.counts.iter().any(|count| (count.kind, count.direction) == (one.kind, one.direction)) {
            let count = row.try_get("", "alike")?;
            shown.counts.push(RelationshipCount { kind: one.kind, direction: one.direction, count });
        }
        if shown.newest.len() < domain::relationship::SHOWN as usize {
            shown.newest.push(one);
        }
    }
    for shown in found.values_mut() {
        shown.counts.sort_by_key(|count: &RelationshipCount| -> (RelationshipKind, Direction) {
            (count.kind, count.direction)
        });
    }
    Ok(found)
}
