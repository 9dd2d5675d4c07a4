//! What lies on a desk, and what a unit's cases came to. Scope is in every statement.

use chrono::{DateTime, Utc};
use kit::{Db, Result, db::statement};
use schema::{
    access::Scope,
    api::{
        interaction::{CaseReport, CaseReportQuery, CaseSummary, Desk, DeskRole},
        page::{self, Page},
    },
    ids::StaffId,
};
use sea_orm::{ConnectionTrait as _, FromQueryResult as _, Value};
use uuid::Uuid;

use super::{case, entity::conversation::service_case};

/// Before everything that is due.
pub(super) const START: (DateTime<Utc>, Uuid) = (DateTime::from_timestamp_nanos(i64::MIN), Uuid::nil());

/// A page of a person's open cases, with how many there are.
pub(crate) async fn of(
    db: &Db,
    staff: StaffId,
    role: DeskRole,
    after: Option<&str>,
    limit: u32,
    scope: &Scope,
) -> Result<Desk> {
    let mut values: Vec<Value> = vec![staff.uuid().into()];
    let condition = reference::scope::of_customer(scope, "c.customer_id", &mut values);
    let sql = format!(
        "SELECT COALESCE(SUM(CASE WHEN c.accountable_id = $1 THEN 1 ELSE 0 END), 0) AS accountable, \
         COALESCE(SUM(CASE WHEN c.handler_id = $1 THEN 1 ELSE 0 END), 0) AS handling, \
         COALESCE(SUM(CASE WHEN c.offered_to_id = $1 THEN 1 ELSE 0 END), 0) AS offered FROM service_case c \
         WHERE (c.accountable_id = $1 OR c.handler_id = $1 OR c.offered_to_id = $1) \
         AND c.state IN ('open', 'offered') AND {condition}"
    );
    let (mut accountable, mut handling, mut offered) = (0, 0, 0);
    if let Some(row) = db.read().query_one_raw(statement(db.read(), &sql, values)).await? {
        accountable = row.try_get("", "accountable")?;
        handling = row.try_get("", "handling")?;
        offered = row.try_get("", "offered")?;
    }
    let cases = page(db, staff, role, after, limit, scope).await?;
    Ok(Desk { accountable, handling, offered, cases })
}

async fn page(
    db: &Db,
    staff: StaffId,
    role: DeskRole,
    after: Option<&str>,
    limit: u32,
    scope: &Scope,
) -> Result<Page<CaseSummary>> {
    let column = match role {
        DeskRole::Accountable => "accountable_id",
        DeskRole::Handler => "handler_id",
        DeskRole::Offered => "offered_to_id",
    };
    let query = format!("desk?{column}={staff}");
    let (due_at, id) = after.map(|cursor| page::place_of(&query, cursor)).transpose()?.unwrap_or(START);
    let mut values: Vec<Value> =
        vec![staff.uuid().into(), due_at.into(), id.into(), (i64::from(limit) + 1).into()];
    let condition = reference::scope::of_customer(scope, "c.customer_id", &mut values);
    let sql = format!(
        "SELECT c.* FROM service_case c WHERE c.{column} = $1 AND c.state IN ('open', 'offered') \
         AND (c.due_at, c.id) > ($2, $3) AND {condition} ORDER BY c.due_at, c.id LIMIT $4"
    );
    let mut rows = Vec::new();
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        rows.push(case::summary(service_case::Model::from_query_result(&row, "")?)?);
    }
    Ok(Page::of(rows, limit, &query, |row| (row.due_at, row.id)))
}

/// What the cases of a unit's subtree came to; none when the unit is not within the viewer's organisation.
pub(crate) async fn report(
    db: &Db,
    asked: &CaseReportQuery,
    organisation: &Scope,
    scope: &Scope,
) -> Result<Option<CaseReport>> {
    let mut values: Vec<Value> = vec![asked.org_unit_id.uuid().into()];
    let condition = reference::scope::of_org_unit(organisation, &mut values);
    let sql = format!("SELECT 1 FROM org_unit u WHERE u.id = $1 AND {condition}");
    if db.read().query_one_raw(statement(db.read(), &sql, values)).await?.is_none() {
        return Ok(None);
    }
    let mut values: Vec<Value> = vec![asked.org_unit_id.uuid().into(), asked.from.into(), asked.to.into()];
    let condition = reference::scope::of_customer(scope, "c.customer_id", &mut values);
    let sql = format!(
        "SELECT COUNT(*) AS cases, \
         COALESCE(SUM(CASE WHEN c.state IN ('open', 'offered') THEN 1 ELSE 0 END), 0) AS open, \
         COALESCE(SUM(c.transfers), 0) AS transfers, \
         COALESCE(SUM(CASE WHEN c.transfers >= 2 THEN 1 ELSE 0 END), 0) AS bounced, \
         COALESCE(SUM(CASE WHEN c.ping_pong THEN 1 ELSE 0 END), 0) AS ping_pong \
         FROM service_case c WHERE c.org_unit_id IN (SELECT below.id FROM org_unit below WHERE below.path LIKE \
         (SELECT above.path FROM org_unit above WHERE above.id = $1) || '%') \
         AND c.occurred_at >= $2 AND c.occurred_at < $3 AND {condition}"
    );
    let Some(row) = db.read().query_one_raw(statement(db.read(), &sql, values)).await? else {
        return Ok(None);
    };
    let (cases, bounced): (i64, i64) = (row.try_get("", "cases")?, row.try_get("", "bounced")?);
    Ok(Some(CaseReport {
        org_unit_id: asked.org_unit_id,
        from: asked.from,
        to: asked.to,
        cases,
        open: row.try_get("", "open")?,
        transfers: row.try_get("", "transfers")?,
        bounced,
        ping_pong: row.try_get("", "ping_pong")?,
        bounce_rate_millionths: (bounced * 1_000_000).checked_div(cases),
    }))
}
