//! Due times that were missed, and whom they are charged to.

use chrono::{DateTime, Utc};
use kit::{Db, Result, Work, db::statement};
use schema::{
    access::Scope,
    api::interaction::{BreachQuery, BreachesOf, Case, Contact, Task},
    ids::{CustomerId, OrgUnitId, StaffId},
};
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

use super::case_clock::{BELOW, is_unit_in};
use crate::domain::{standard::Clock, task::breach_id};

/// The people in a report.
const PEOPLE: i64 = 200;

/// Charges a case to whoever answers for it, for one of its times. Once, however often it is done.
pub(crate) async fn charge_case(work: &Work, case: &Case, clock: Clock, due_at: DateTime<Utc>) -> Result<()> {
    let subject = case.id.uuid();
    let whom = (case.customer_id, case.accountable_id, case.org_unit_id);
    let kind = match clock {
        Clock::Resolution => "case",
        Clock::Response => "response",
    };
    charge(work, kind, subject, whom, due_at).await
}

/// Charges the promise of a contact to whoever was to keep it. Once, however often it is done.
pub(crate) async fn charge_promise(
    work: &Work,
    contact: &Contact,
    staff: StaffId,
    due_at: DateTime<Utc>,
) -> Result<()> {
    let subject = contact.id.uuid();
    charge(work, "promise", subject, (contact.customer_id, staff, contact.org_unit_id), due_at).await
}

/// Charges a task to whoever owns it. Once, however often it is done.
pub(crate) async fn charge_task(work: &Work, task: &Task) -> Result<()> {
    let subject = task.id.uuid();
    charge(work, "task", subject, (task.customer_id, task.owner_id, task.org_unit_id), task.due_at).await
}

async fn charge(
    work: &Work,
    kind: &str,
    subject: Uuid,
    (customer, staff, unit): (CustomerId, StaffId, OrgUnitId),
    due_at: DateTime<Utc>,
) -> Result<()> {
    work.execute(
        "INSERT INTO breach (customer_id, id, kind, subject_id, staff_id, org_unit_id, due_at, recorded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (customer_id, id) DO NOTHING",
        vec![
            customer.uuid().into(),
            breach_id(kind, subject, due_at).into(),
            kind.into(),
            subject.into(),
            staff.uuid().into(),
            unit.uuid().into(),
            due_at.into(),
            work.now().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Who missed how many due times in a unit's subtree; none when the unit is not within the viewer's
/// organisation.
pub(crate) async fn report(
    db: &Db,
    asked: &BreachQuery,
    organisation: &Scope,
    scope: &Scope,
) -> Result<Option<Vec<BreachesOf>>> {
    if !is_unit_in(db, asked.org_unit_id, organisation).await? {
        return Ok(None);
    }
    let mut values: Vec<Value> =
        vec![asked.org_unit_id.uuid().into(), asked.from.into(), asked.to.into(), PEOPLE.into()];
    let condition = reference::scope::of_customer(scope, "b.customer_id", &mut values);
    let sql = format!(
        "SELECT b.staff_id, SUM(CASE WHEN b.kind = 'case' THEN 1 ELSE 0 END) AS cases, \
         SUM(CASE WHEN b.kind = 'response' THEN 1 ELSE 0 END) AS responses, \
         SUM(CASE WHEN b.kind = 'task' THEN 1 ELSE 0 END) AS tasks, \
         SUM(CASE WHEN b.kind = 'promise' THEN 1 ELSE 0 END) AS promises FROM breach b \
         WHERE b.org_unit_id IN ({BELOW}) AND b.due_at >= $2 AND b.due_at < $3 AND {condition} \
         GROUP BY b.staff_id ORDER BY COUNT(*) DESC, b.staff_id LIMIT $4"
    );
    let mut found = Vec::new();
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        found.push(BreachesOf {
            staff_id: row.try_get::<Uuid>("", "staff_id")?.into(),
            cases: row.try_get("", "cases")?,
            responses: row.try_get("", "responses")?,
            tasks: row.try_get("", "tasks")?,
            promises: row.try_get("", "promises")?,
        });
    }
    Ok(Some(found))
}
