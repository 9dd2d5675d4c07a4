//! Action plans: the tasks of one, and those that are made every night.

use chrono::{DateTime, Utc};
use kit::{Db, Result, Work, db::statement};
use schema::{
    access::Scope,
    api::{
        interaction::{ActionPlanQuery, NightlyPlan, PlannedTask},
        page::{self, Page},
    },
    ids::OrgUnitId,
};
use sea_orm::{ConnectionTrait as _, FromQueryResult as _, QueryResult, Value};
use uuid::Uuid;

use super::{case_clock::is_unit_in, entity, task};

/// A page of a plan by rank, which every task keeps however the list is filtered; none when the unit is not
/// within the viewer's organisation.
pub(crate) async fn page(
    db: &Db,
    asked: &ActionPlanQuery,
    limit: u32,
    organisation: &Scope,
    scope: &Scope,
) -> Result<Option<Page<PlannedTask>>> {
    let (unit, date) = (asked.org_unit_id, asked.date.to_string());
    if !is_unit_in(db, unit, organisation).await? {
        return Ok(None);
    }
    let query = format!("action-plan?unit={unit}&date={date}");
    let after: Option<i64> = asked.after.as_deref().map(|cursor| page::key_of(&query, cursor)).transpose()?;
    let mut values: Vec<Value> =
        vec![unit.uuid().into(), date.into(), after.unwrap_or(0).into(), (i64::from(limit) + 1).into()];
    let condition = reference::scope::of_customer(scope, "t.customer_id", &mut values);
    let sql = format!(
        "SELECT ranked.*, r.revision FROM (SELECT t.*, \
             ROW_NUMBER() OVER (ORDER BY t.runs_out_at, t.customer_id, t.sku) AS place \
             FROM task t WHERE t.org_unit_id = $1 AND t.plan_date = $2 AND {condition}) ranked \
         JOIN revision r ON r.subject_id = ranked.customer_id \
         WHERE ranked.place > $3 ORDER BY ranked.place LIMIT $4"
    );
    let mut rows = Vec::new();
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        let (rank, revision) = (row.try_get("", "place")?, row.try_get("", "revision")?);
        let task = task::read(entity::task::Model::from_query_result(&row, "")?, revision)?;
        rows.push(PlannedTask { rank, task });
    }
    Ok(Some(Page::of(rows, limit, &query, |row| row.rank)))
}

/// Writes a nightly plan, in place of the one before.
pub(crate) async fn put(work: &Work, plan: &NightlyPlan) -> Result<()> {
    work.execute(
        "INSERT INTO nightly_plan (org_unit_id, horizon_days, default_owner_id, next_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (org_unit_id) DO UPDATE SET horizon_days = excluded.horizon_days, \
         default_owner_id = excluded.default_owner_id, next_at = excluded.next_at",
        vec![
            plan.org_unit_id.uuid().into(),
            plan.horizon_days.into(),
            plan.default_owner_id.uuid().into(),
            plan.next_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The nightly plan of a unit, within a command.
pub(crate) async fn find(work: &Work, unit: OrgUnitId) -> Result<Option<NightlyPlan>> {
    let sql = "SELECT p.*, r.revision FROM nightly_plan p JOIN revision r ON r.subject_id = $2 \
               WHERE p.org_unit_id = $1";
    let subject = subject(unit);
    let row = work.query_one(sql, vec![unit.uuid().into(), subject.into()]).await?;
    row.as_ref().map(nightly).transpose()
}

/// What the revision of a unit's nightly plan is kept under.
pub(crate) fn subject(unit: OrgUnitId) -> Uuid {
    Uuid::new_v5(&unit.uuid(), b"nightly_plan")
}

/// The units whose plan is to be made now, the one that waits longest first.
pub(crate) async fn due(db: &Db, now: DateTime<Utc>, most: u32) -> Result<Vec<OrgUnitId>> {
    let sql = "SELECT org_unit_id FROM nightly_plan WHERE next_at <= $1 AND horizon_days > 0 \
               ORDER BY next_at LIMIT $2";
    let values = vec![now.into(), i64::from(most).into()];
    let mut found = Vec::new();
    for row in db.read().query_all_raw(statement(db.read(), sql, values)).await? {
        found.push(row.try_get::<Uuid>("", "org_unit_id")?.into());
    }
    Ok(found)
}

fn nightly(row: &QueryResult) -> Result<NightlyPlan> {
    Ok(NightlyPlan {
        org_unit_id: row.try_get::<Uuid>("", "org_unit_id")?.into(),
        horizon_days: row.try_get("", "horizon_days")?,
        default_owner_id: row.try_get::<Uuid>("", "default_owner_id")?.into(),
        next_at: row.try_get("", "next_at")?,
        revision: row.try_get("", "revision")?,
    })
}
