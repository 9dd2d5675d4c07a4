//! Tasks. Whoever owns one reaches it, whether or not the customer is in their scope.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
};
use reference::newest::{self, Range};
use schema::{
    access::Scope,
    api::{
        interaction::{Task, TaskPath},
        page::{self, Page},
    },
    ids::{CaseId, CustomerId, StaffId},
    value::Milli,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _, FromQueryResult as _, Value};
use uuid::Uuid;

use super::entity::task;

/// Writes a new task; `plan` is the day of the plan that it is from.
pub(crate) async fn add(work: &Work, new: &Task, plan: Option<NaiveDate>) -> Result<()> {
    let row = task::ActiveModel {
        customer_id: Set(new.customer_id.into()),
        id: Set(new.id.into()),
        org_unit_id: Set(new.org_unit_id.into()),
        kind: Set(word(&new.kind)?),
        what: Set(new.what.clone()),
        notes: Set(new.notes.clone()),
        state: Set(word(&new.state)?),
        owner_id: Set(new.owner_id.into()),
        opened_by_id: Set(new.opened_by_id.map(StaffId::uuid)),
        case_id: Set(new.case_id.map(CaseId::uuid)),
        sku: Set(new.sku.clone()),
        quantity_milli: Set(new.quantity_milli.map(Milli::get)),
        runs_out_at: Set(new.runs_out_at),
        runs_out_on: Set(new.runs_out_at.map(|at| at.date_naive().to_string())),
        occurred_at: Set(new.occurred_at),
        recorded_at: Set(work.now()),
        planned_at: Set(new.planned_at),
        due_at: Set(new.due_at),
        settled_at: Set(new.settled_at),
        outcome: Set(new.outcome.clone()),
        breached_for: Set(None),
        plan_date: Set(plan.map(|date| date.to_string())),
    };
    task::Entity::insert(row).exec_without_returning(work.tx()).await?;
    Ok(())
}

/// Writes what a step changed of a task.
pub(crate) async fn put(work: &Work, task: &Task) -> Result<()> {
    work.execute(
        "UPDATE task SET state = $3, owner_id = $4, settled_at = $5, outcome = $6, breached_for = $7 \
         WHERE customer_id = $1 AND id = $2",
        vec![
            task.customer_id.uuid().into(),
            task.id.uuid().into(),
            word(&task.state)?.into(),
            task.owner_id.uuid().into(),
            task.settled_at.into(),
            task.outcome.clone().into(),
            task.breached.then_some(task.due_at).into(),
        ],
    )
    .await?;
    Ok(())
}

/// The task within a command, if its customer is in the scope of whoever commands it, or it is theirs.
pub(crate) async fn find(work: &Work, path: TaskPath, mine: Option<StaffId>) -> Result<Option<Task>> {
    load(work.tx(), path, mine, &work.scope()).await
}

/// The open tasks of somebody, at most so many.
pub(crate) async fn open_of(work: &Work, owner: StaffId, most: i64) -> Result<Vec<TaskPath>> {
    let sql = "SELECT customer_id, id FROM task WHERE owner_id = $1 AND state = 'open' \
               ORDER BY customer_id, id LIMIT $2";
    let mut found = Vec::new();
    for row in work.query_all(sql, vec![owner.uuid().into(), most.into()]).await? {
        let (customer, id): (Uuid, Uuid) = (row.try_get("", "customer_id")?, row.try_get("", "id")?);
        found.push(TaskPath { customer_id: customer.into(), task_id: id.into() });
    }
    Ok(found)
}

/// The task, if its customer is in scope, or it is `mine`.
pub(crate) async fn get(
    db: &Db,
    path: TaskPath,
    mine: Option<StaffId>,
    scope: &Scope,
) -> Result<Option<Task>> {
    load(db.read(), path, mine, scope).await
}

async fn load(
    connection: &impl ConnectionTrait,
    path: TaskPath,
    mine: Option<StaffId>,
    scope: &Scope,
) -> Result<Option<Task>> {
    let mut values: Vec<Value> =
        vec![path.customer_id.uuid().into(), path.task_id.uuid().into(), mine.map(StaffId::uuid).into()];
    let condition = reference::scope::of_customer(scope, "t.customer_id", &mut values);
    let sql = format!(
        "SELECT t.*, r.revision FROM task t JOIN revision r ON r.subject_id = t.customer_id \
         WHERE t.customer_id = $1 AND t.id = $2 AND (t.owner_id = $3 OR {condition})"
    );
    let Some(row) = connection.query_one_raw(statement(connection, &sql, values)).await? else {
        return Ok(None);
    };
    let revision = row.try_get("", "revision")?;
    Ok(Some(read(task::Model::from_query_result(&row, "")?, revision)?))
}

/// A page of the tasks of a customer who is known and in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    after: Option<&str>,
    limit: u32,
    scope: &Scope,
) -> Result<Option<Page<Task>>> {
    if reference::customer::in_scope(db, &[customer], scope).await?.is_empty() {
        return Ok(None);
    }
    let query = format!("tasks?customer={customer}");
    let place = after.map(|cursor| page::place_of(&query, cursor)).transpose()?.unwrap_or(newest::START);
    let revision = super::revision(db, customer).await?;
    let range: Range = (customer, place);
    let of = |row: task::Model| Ok((row.customer_id.into(), (row.occurred_at, row.id), read(row, revision)?));
    let found = newest::read(db.read(), "task", &[range], limit + 1, of).await?;
    let rows = found.into_values().next().unwrap_or_default();
    Ok(Some(Page::of(rows, limit, &query, |row: &Task| (row.occurred_at, row.id))))
}

/// Open tasks whose due time is past and was not seen to; the first one first.
pub(crate) async fn to_breach(db: &Db, now: DateTime<Utc>, most: u32) -> Result<Vec<TaskPath>> {
    let sql = "SELECT customer_id, id FROM task WHERE due_at < $1 AND state = 'open' \
               AND (breached_for IS NULL OR breached_for <> due_at) ORDER BY due_at LIMIT $2";
    let values = vec![now.into(), i64::from(most).into()];
    let mut found = Vec::new();
    for row in db.read().query_all_raw(statement(db.read(), sql, values)).await? {
        let (customer, id): (Uuid, Uuid) = (row.try_get("", "customer_id")?, row.try_get("", "id")?);
        found.push(TaskPath { customer_id: customer.into(), task_id: id.into() });
    }
    Ok(found)
}

pub(super) fn read(row: task::Model, revision: i64) -> Result<Task> {
    Ok(Task {
        id: row.id.into(),
        customer_id: row.customer_id.into(),
        org_unit_id: row.org_unit_id.into(),
        kind: from_word(row.kind)?,
        what: row.what,
        notes: row.notes,
        state: from_word(row.state)?,
        owner_id: row.owner_id.into(),
        opened_by_id: row.opened_by_id.map(StaffId::from),
        case_id: row.case_id.map(CaseId::from),
        sku: row.sku,
        quantity_milli: row.quantity_milli.map(Milli::new),
        runs_out_at: row.runs_out_at,
        occurred_at: row.occurred_at,
        planned_at: row.planned_at,
        due_at: row.due_at,
        settled_at: row.settled_at,
        outcome: row.outcome,
        breached: row.breached_for == Some(row.due_at),
        revision,
    })
}
