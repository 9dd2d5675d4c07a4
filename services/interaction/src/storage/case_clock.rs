//! The times of a case: by when it is answered and due, whose due time is near or past, and how long it took.

use chrono::{DateTime, Utc};
use kit::{Db, Result, Work, db::statement};
use schema::{
    access::Scope,
    api::{
        interaction::{Case, CasePath, CaseSummary, Escalation, EscalationsQuery},
        page::{self, Page},
    },
    event::interaction::Breach,
    ids::OrgUnitId,
};
use sea_orm::{ConnectionTrait as _, FromQueryResult as _, Value};
use uuid::Uuid;

use super::{calendar::to_json, case, entity::conversation::service_case};
use crate::domain::standard::Clock;

/// Writes the times of a case.
pub(crate) async fn put(work: &Work, case: &Case, worked_minutes: Option<i64>) -> Result<()> {
    work.execute(
        "UPDATE service_case SET due_at = $3, standard = $4, warn_at = $5, respond_by = $6, responded_at = $7, \
         worked_minutes = $8 WHERE customer_id = $1 AND id = $2",
        vec![
            case.customer_id.uuid().into(),
            case.id.uuid().into(),
            case.due_at.into(),
            case.standard.as_ref().map(to_json).transpose()?.into(),
            case.warn_at.into(),
            case.respond_by.into(),
            case.responded_at.into(),
            worked_minutes.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Records that the warning or the breach of a time of a case was seen to.
pub(crate) async fn seen_to(work: &Work, case: &Case, clock: Clock, breach: Breach) -> Result<()> {
    let columns = match (clock, breach) {
        (Clock::Resolution, Breach::Warning) => "warned_for = due_at",
        (Clock::Resolution, Breach::Breach) => "warned_for = due_at, breached_for = due_at",
        (Clock::Response, Breach::Warning) => "response_warned_for = respond_by",
        (Clock::Response, Breach::Breach) => {
            "response_warned_for = respond_by, response_breached_for = respond_by"
        }
    };
    let sql = format!("UPDATE service_case SET {columns} WHERE customer_id = $1 AND id = $2");
    work.execute(&sql, vec![case.customer_id.uuid().into(), case.id.uuid().into()]).await?;
    Ok(())
}

/// Which open cases wait to be seen to, for each time of a case that is past, or near; the first one first.
const WAITING: [(&str, Clock, Breach); 4] = [
    (
        "due_at < $1 AND (breached_for IS NULL OR breached_for <> due_at) ORDER BY due_at",
        Clock::Resolution,
        Breach::Breach,
    ),
    (
        "warn_at <= $1 AND (warned_for IS NULL OR warned_for <> due_at) ORDER BY warn_at",
        Clock::Resolution,
        Breach::Warning,
    ),
    (
        "respond_by < $1 AND responded_at IS NULL \
         AND (response_breached_for IS NULL OR response_breached_for <> respond_by) ORDER BY respond_by",
        Clock::Response,
        Breach::Breach,
    ),
    (
        "respond_warn_at <= $1 AND responded_at IS NULL \
         AND (response_warned_for IS NULL OR response_warned_for <> respond_by) ORDER BY respond_warn_at",
        Clock::Response,
        Breach::Warning,
    ),
];

/// Open cases of which a time is past, or near, and that were not seen to; at most so many for each.
pub(crate) async fn to_escalate(
    db: &Db,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<(CasePath, Clock, Breach)>> {
    let mut found = Vec::new();
    for (which, clock, breach) in WAITING {
        let sql = format!(
            "SELECT customer_id, id FROM service_case WHERE state IN ('open', 'offered') AND {which} LIMIT $2"
        );
        let values = vec![now.into(), i64::from(most).into()];
        for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
            let (customer, id): (Uuid, Uuid) = (row.try_get("", "customer_id")?, row.try_get("", "id")?);
            found.push((CasePath { customer_id: customer.into(), case_id: id.into() }, clock, breach));
        }
    }
    Ok(found)
}

/// Whether the due time is near or past, as far as that was seen to.
pub(super) fn escalation(
    due_at: DateTime<Utc>,
    warned_for: Option<DateTime<Utc>>,
    breached_for: Option<DateTime<Utc>>,
) -> Option<Escalation> {
    if breached_for == Some(due_at) {
        return Some(Escalation::Breached);
    }
    (warned_for == Some(due_at)).then_some(Escalation::Warned)
}

/// A page of the open cases of a unit's subtree of which a time is near or past; none when the unit is not
/// within the viewer's organisation.
pub(crate) async fn escalated(
    db: &Db,
    asked: &EscalationsQuery,
    limit: u32,
    organisation: &Scope,
    scope: &Scope,
) -> Result<Option<Page<CaseSummary>>> {
    let unit = asked.org_unit_id;
    if !is_unit_in(db, unit, organisation).await? {
        return Ok(None);
    }
    let query = format!("escalations?org_unit={unit}");
    let after = asked.after.as_deref().map(|cursor| page::place_of(&query, cursor)).transpose()?;
    let (due_at, id) = after.unwrap_or(super::desk::START);
    let mut values: Vec<Value> =
        vec![unit.uuid().into(), due_at.into(), id.into(), (i64::from(limit) + 1).into()];
    let condition = reference::scope::of_customer(scope, "c.customer_id", &mut values);
    let sql = format!(
        "SELECT c.* FROM service_case c WHERE c.state IN ('open', 'offered') AND (c.warned_for = c.due_at \
         OR (c.responded_at IS NULL AND c.response_warned_for = c.respond_by)) AND c.org_unit_id IN ({BELOW}) AND (c.due_at, c.id) > ($2, $3) AND {condition} \
         ORDER BY c.due_at, c.id LIMIT $4"
    );
    let mut rows = Vec::new();
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        rows.push(case::summary(service_case::Model::from_query_result(&row, "")?)?);
    }
    Ok(Some(Page::of(rows, limit, &query, |row| (row.due_at, row.id))))
}

/// The unit `$1` and all below it.
pub(super) const BELOW: &str = "SELECT below.id FROM org_unit below WHERE below.path LIKE \
                                (SELECT above.path FROM org_unit above WHERE above.id = $1) || '%'";

/// Whether the unit is within a part of the organisation.
pub(super) async fn is_unit_in(db: &Db, unit: OrgUnitId, organisation: &Scope) -> Result<bool> {
    let mut values: Vec<Value> = vec![unit.uuid().into()];
    let condition = reference::scope::of_org_unit(organisation, &mut values);
    let sql = format!("SELECT 1 FROM org_unit u WHERE u.id = $1 AND {condition}");
    Ok(db.read().query_one_raw(statement(db.read(), &sql, values)).await?.is_some())
}
