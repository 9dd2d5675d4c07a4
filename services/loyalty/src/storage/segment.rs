//! Segments: their versions, what conditions refer to, and who belongs to them.

pub(crate) mod kept;
pub(crate) mod list;
pub(crate) mod member;
pub(crate) mod statement;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kit::{
    Db, Error, Result, Work,
    db::{self, from_word, word},
    rows::among,
};
use schema::{
    api::{
        loyalty::{Condition, Segment, SegmentFilter},
        page::{self, Page},
    },
    ids::{CustomerListId, OrgUnitId, SegmentId},
};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use crate::domain::segment::{Known, KnownSegment};

/// The most segments that are active at once.
pub(crate) const ACTIVE_MOST: usize = 100;

/// An active segment as it is now.
pub(crate) struct Active {
    pub(crate) id: SegmentId,
    pub(crate) code: String,
    pub(crate) version: i32,
    pub(crate) condition: Condition,
}

/// All active segments, by id; no more than [`ACTIVE_MOST`] can be.
pub(crate) async fn active(connection: &impl ConnectionTrait) -> Result<Vec<Active>> {
    let sql = "SELECT s.id, s.code, s.version, v.condition FROM segment s \
               JOIN segment_version v ON v.segment_id = s.id AND v.version = s.version \
               WHERE s.state = 'active' ORDER BY s.id";
    connection
        .query_all_raw(db::statement(connection, sql, vec![]))
        .await?
        .iter()
        .map(|row| {
            Ok(Active {
                id: row.try_get::<Uuid>("", "id")?.into(),
                code: row.try_get("", "code")?,
                version: row.try_get("", "version")?,
                condition: condition_of(row)?,
            })
        })
        .collect()
}

/// What these conditions, and the active segments, refer to.
pub(crate) async fn known(
    connection: &impl ConnectionTrait,
    active: &[Active],
    further: &[&Condition],
) -> Result<Known> {
    let mut refers = References::default();
    active.iter().map(|one| &one.condition).chain(further.iter().copied()).for_each(|one| refers.add(one));
    let mut known = Known::default();
    for one in active {
        let segment = KnownSegment { code: one.code.clone(), condition: one.condition.clone() };
        known.segments.insert(one.id, segment);
    }
    if refers.attributes {
        let sql = "SELECT attribute, value_type FROM attribute_known";
        for row in connection.query_all_raw(db::statement(connection, sql, vec![])).await? {
            known
                .attributes
                .insert(row.try_get("", "attribute")?, from_word(row.try_get("", "value_type")?)?);
        }
    }
    for row in
        by_ids(connection, "SELECT id, path FROM org_unit", refers.units.iter().map(|id| id.uuid())).await?
    {
        known.units.insert(row.try_get::<Uuid>("", "id")?.into(), row.try_get("", "path")?);
    }
    for row in
        by_ids(connection, "SELECT id FROM customer_list", refers.lists.iter().map(|id| id.uuid())).await?
    {
        known.lists.insert(row.try_get::<Uuid>("", "id")?.into());
    }
    Ok(known)
}

async fn by_ids(
    connection: &impl ConnectionTrait,
    select: &str,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<QueryResult>> {
    let ids: Vec<Uuid> = ids.collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let listed = among(connection.get_database_backend(), "id", ids, &mut values);
    let sql = format!("{select} WHERE {listed}");
    Ok(connection.query_all_raw(db::statement(connection, &sql, values)).await?)
}

/// What conditions name.
#[derive(Default)]
struct References {
    attributes: bool,
    units: BTreeSet<OrgUnitId>,
    lists: BTreeSet<CustomerListId>,
}

impl References {
    fn add(&mut self, condition: &Condition) {
        match condition {
            Condition::All(inner) | Condition::Any(inner) | Condition::NoneOf(inner) => {
                inner.iter().for_each(|one| self.add(one));
            }
            Condition::Attribute(_) => self.attributes = true,
            Condition::Unit(unit) => {
                self.units.insert(*unit);
            }
            Condition::List(list) => {
                self.lists.insert(*list);
            }
            Condition::Kind(_)
            | Condition::Status(_)
            | Condition::Tier(_)
            | Condition::RecencyDays(_)
            | Condition::Frequency(_)
            | Condition::Money(_)
            | Condition::Rfm(_)
            | Condition::Count(_)
            | Condition::Consent(_)
            | Condition::LastScore(_)
            | Condition::Segment(_) => {}
        }
    }
}

/// Adds a segment, or a version of it, as it is given; whether its membership is due is left to the caller.
pub(crate) async fn put(work: &Work, segment: &Segment, new_version: bool) -> Result<()> {
    work.execute(
        "INSERT INTO segment (id, code, name, state, version, due_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, state = excluded.state, \
         version = excluded.version, due_at = excluded.due_at",
        vec![
            segment.id.uuid().into(),
            segment.code.as_str().into(),
            segment.name.as_str().into(),
            word(&segment.state)?.into(),
            segment.version.into(),
            work.now().into(),
        ],
    )
    .await?;
    if new_version {
        let condition = serde_json::to_string(&segment.condition)
            .map_err(|error| Error::malformed("a condition", error))?;
        work.execute(
            "INSERT INTO segment_version (segment_id, version, condition, made_at) VALUES ($1, $2, $3, $4)",
            vec![segment.id.uuid().into(), segment.version.into(), condition.into(), segment.made_at.into()],
        )
        .await?;
    }
    Ok(())
}

const SELECT: &str = "SELECT s.id, s.code, s.name, s.state, v.version, v.condition, v.made_at, \
     COALESCE(r.revision, 0) AS revision FROM segment s JOIN segment_version v ON v.segment_id = s.id \
     LEFT JOIN revision r ON r.subject_id = s.id";

/// A segment as it is, or as it was in a version.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    id: SegmentId,
    version: Option<i32>,
) -> Result<Option<Segment>> {
    let mut values: Vec<Value> = vec![id.uuid().into()];
    let of_version = match version {
        Some(version) => {
            values.push(version.into());
            "$2"
        }
        None => "s.version",
    };
    let sql = format!("{SELECT} WHERE s.id = $1 AND v.version = {of_version}");
    let row = connection.query_one_raw(db::statement(connection, &sql, values)).await?;
    row.map(|row| segment_of(&row)).transpose()
}

/// A page of segments, by code.
pub(crate) async fn page(db: &Db, wanted: &SegmentFilter) -> Result<Page<Segment>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = format!("segments?state={:?}", wanted.state);
    let mut values: Vec<Value> = Vec::new();
    let mut sql = format!("{SELECT} WHERE v.version = s.version");
    if let Some(state) = &wanted.state {
        values.push(word(state)?.into());
        sql.push_str(&format!(" AND s.state = ${}", values.len()));
    }
    if let Some(after) = &wanted.after {
        values.push(page::key_of::<String>(&query, after)?.into());
        sql.push_str(&format!(" AND s.code > ${}", values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY s.code LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(db::statement(db.read(), &sql, values)).await?;
    let segments: Result<Vec<Segment>> = rows.iter().map(segment_of).collect();
    Ok(Page::of(segments?, limit, &query, |segment| segment.code.clone()))
}

/// Has kept membership compared soon: of these segments, or of all active ones.
pub(crate) async fn make_due(work: &Work, segments: Option<&[SegmentId]>) -> Result<()> {
    let mut values: Vec<Value> = vec![work.now().into()];
    let mut sql = "UPDATE segment SET due_at = $1 WHERE state = 'active'".to_owned();
    if let Some(segments) = segments {
        if segments.is_empty() {
            return Ok(());
        }
        let listed = among(work.backend(), "id", segments.iter().map(|id| id.uuid()), &mut values);
        sql.push_str(&format!(" AND {listed}"));
    }
    work.execute(&sql, values).await?;
    Ok(())
}

fn segment_of(row: &QueryResult) -> Result<Segment> {
    Ok(Segment {
        id: row.try_get::<Uuid>("", "id")?.into(),
        code: row.try_get("", "code")?,
        name: row.try_get("", "name")?,
        state: from_word(row.try_get("", "state")?)?,
        version: row.try_get("", "version")?,
        condition: condition_of(row)?,
        made_at: row.try_get("", "made_at")?,
        revision: row.try_get("", "revision")?,
    })
}

fn condition_of(row: &QueryResult) -> Result<Condition> {
    let text: String = row.try_get("", "condition")?;
    serde_json::from_str(&text).map_err(|error| Error::malformed("a kept condition", error))
}

/// The state of a segment that is active and due, if there is one: which, and since when.
pub(crate) async fn due(db: &Db, now: DateTime<Utc>) -> Result<Option<(SegmentId, DateTime<Utc>)>> {
    let sql =
        "SELECT id, due_at FROM segment WHERE state = 'active' AND due_at <= $1 ORDER BY due_at, id LIMIT 1";
    let row = db.read().query_one_raw(db::statement(db.read(), sql, vec![now.into()])).await?;
    row.map(|row| Ok((row.try_get::<Uuid>("", "id")?.into(), row.try_get("", "due_at")?))).transpose()
}

/// Says when a segment is due next, unless it was made due again meanwhile.
pub(crate) async fn done(db: &Db, id: SegmentId, was_due: DateTime<Utc>, next: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE segment SET due_at = $3 WHERE id = $1 AND due_at = $2";
    db.execute(sql, vec![id.uuid().into(), was_due.into(), next.into()]).await?;
    Ok(())
}
