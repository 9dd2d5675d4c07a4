//! What is owed: to several customers at once, and by one member of staff.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Result,
    db::{from_word, statement},
};
use schema::{
    access::Scope,
    api::{
        interaction::{DeskItem, Owed},
        page::{self, Page},
    },
    ids::{CaseId, ContactId, CustomerId, StaffId, TaskId},
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use super::case_clock;

/// A row of the view.
#[derive(FromQueryResult)]
struct Row {
    customer_id: Uuid,
    id: Uuid,
    kind: String,
    org_unit_id: Uuid,
    due_at: DateTime<Utc>,
    what: String,
    staff_id: Option<Uuid>,
    case_id: Option<Uuid>,
    task_id: Option<Uuid>,
    contact_id: Option<Uuid>,
    warned_for: Option<DateTime<Utc>>,
    breached_for: Option<DateTime<Utc>>,
}

/// What each of these customers is owed, at most so many, the one due first coming first, and how much it is in
/// all; nothing for whoever is owed nothing. What is open is indexed by itself, so the history is not read.
pub(super) async fn of_each(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
    each: u32,
) -> Result<BTreeMap<CustomerId, (Vec<Owed>, i32)>> {
    let (theirs, mut values) = super::of_customers(connection, "o.customer_id", customers);
    values.push(i64::from(each).into());
    let sql = format!(
        "SELECT * FROM (SELECT o.*, ROW_NUMBER() OVER (PARTITION BY o.customer_id ORDER BY o.due_at, o.id) \
         AS place, COUNT(*) OVER (PARTITION BY o.customer_id) AS in_all FROM owed o WHERE {theirs}) numbered WHERE place <= ${} \
         ORDER BY customer_id, due_at, id",
        values.len()
    );
    let mut found: BTreeMap<CustomerId, (Vec<Owed>, i32)> = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        let in_all: i64 = row.try_get("", "in_all")?;
        let row = Row::from_query_result(&row, "")?;
        let (owed, count) = found.entry(row.customer_id.into()).or_default();
        *count = i32::try_from(in_all).unwrap_or(i32::MAX);
        owed.push(Owed {
            kind: from_word(row.kind)?,
            due_at: row.due_at,
            what: row.what,
            staff_id: row.staff_id.map(StaffId::from),
            case_id: row.case_id.map(CaseId::from),
            task_id: row.task_id.map(TaskId::from),
            contact_id: row.contact_id.map(ContactId::from),
        });
    }
    Ok(found)
}

/// A page of what waits for a person. What belongs to customers out of scope is left out, but for tasks: those
/// were given to them.
pub(crate) async fn desk(
    db: &Db,
    staff: StaffId,
    after: Option<&str>,
    limit: u32,
    scope: &Scope,
) -> Result<Page<DeskItem>> {
    let query = format!("desk-items?staff={staff}");
    let (due_at, id) =
        after.map(|cursor| page::place_of(&query, cursor)).transpose()?.unwrap_or(super::desk::START);
    let mut values: Vec<Value> =
        vec![staff.uuid().into(), due_at.into(), id.into(), (i64::from(limit) + 1).into()];
    let condition = reference::scope::of_customer(scope, "o.customer_id", &mut values);
    let sql = format!(
        "SELECT * FROM owed o WHERE (o.staff_id = $1 OR o.handler_id = $1) AND (o.due_at, o.id) > ($2, $3) \
         AND (o.kind = 'task' OR {condition}) ORDER BY o.due_at, o.id LIMIT $4"
    );
    let mut rows = Vec::new();
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        rows.push(item(Row::from_query_result(&row, "")?)?);
    }
    Ok(Page::of(rows, limit, &query, |row: &DeskItem| (row.due_at, row.id)))
}

fn item(row: Row) -> Result<DeskItem> {
    Ok(DeskItem {
        id: row.id,
        kind: from_word(row.kind)?,
        customer_id: row.customer_id.into(),
        org_unit_id: row.org_unit_id.into(),
        due_at: row.due_at,
        what: row.what,
        staff_id: row.staff_id.map(StaffId::from),
        case_id: row.case_id.map(CaseId::from),
        task_id: row.task_id.map(TaskId::from),
        contact_id: row.contact_id.map(ContactId::from),
        escalation: case_clock::escalation(row.due_at, row.warned_for, row.breached_for),
    })
}
