//! Staff as this service owns them: the shared table, with names and who took over.

use kit::{
    Db, Result, Work,
    db::{from_word, statement},
};
use schema::{
    access::Scope,
    api::{
        customer::{Staff, StaffFilter},
        page::{self, Page},
    },
    event::customer::StaffState,
    ids::StaffId,
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

const FROM: &str = "SELECT s.id, s.code, s.name, s.org_unit_id, s.status, s.revision, \
                    s.successor_id, s.left_at \
                    FROM staff s JOIN org_unit u ON u.id = s.org_unit_id";

fn staff(row: &QueryResult) -> Result<Staff> {
    Ok(Staff {
        id: row.try_get::<Uuid>("", "id")?.into(),
        code: row.try_get("", "code")?,
        name: row.try_get("", "name")?,
        org_unit_id: row.try_get::<Uuid>("", "org_unit_id")?.into(),
        status: from_word(row.try_get("", "status")?)?,
        successor_id: row.try_get::<Option<Uuid>>("", "successor_id")?.map(StaffId::from),
        left_at: row.try_get("", "left_at")?,
        revision: row.try_get("", "revision")?,
    })
}

/// The person with this id, if their unit lies in `reach`.
pub(crate) async fn find(work: &Work, id: StaffId, reach: &Scope) -> Result<Option<Staff>> {
    let mut values: Vec<Value> = vec![id.uuid().into()];
    let condition = reference::scope::of_org_unit(reach, &mut values);
    work.query_one(&format!("{FROM} WHERE s.id = $1 AND {condition}"), values)
        .await?
        .as_ref()
        .map(staff)
        .transpose()
}

/// Writes a person's state, name and successor.
pub(crate) async fn put(work: &Work, person: &Staff) -> Result<()> {
    reference::staff::keep(work, &state(person), person.revision).await?;
    work.execute(
        "UPDATE staff SET name = $2, successor_id = $3, left_at = $4 WHERE id = $1",
        vec![
            person.id.uuid().into(),
            person.name.as_str().into(),
            person.successor_id.map(StaffId::uuid).into(),
            person.left_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// What the others are told of a person.
pub(crate) fn state(person: &Staff) -> StaffState {
    StaffState {
        staff_id: person.id,
        code: person.code.clone(),
        org_unit_id: person.org_unit_id,
        status: person.status,
    }
}

/// A page of the staff in `reach`, by code.
pub(crate) async fn list(db: &Db, reach: &Scope, filter: &StaffFilter) -> Result<Page<Staff>> {
    let limit = page::limit(filter.limit, page::LIMIT_MAX)?;
    let query = format!("staff?code={:?}", filter.code);
    let mut values: Vec<Value> = Vec::new();
    let mut sql = format!("{FROM} WHERE {}", reference::scope::of_org_unit(reach, &mut values));
    if let Some(code) = &filter.code {
        values.push(code.as_str().into());
        sql.push_str(&format!(" AND s.code = ${}", values.len()));
    }
    if let Some(after) = &filter.after {
        values.push(page::key_of::<String>(&query, after)?.into());
        sql.push_str(&format!(" AND s.code > ${}", values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY s.code LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let people: Result<Vec<Staff>> = rows.iter().map(staff).collect();
    Ok(Page::of(people?, limit, &query, |person| person.code.clone()))
}
