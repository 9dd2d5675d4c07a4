//! Gestures and their ledger.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
};
use reference::newest;
use schema::{
    access::Scope,
    api::{
        interaction::{
            CasePath, Gesture, GestureEntry, GesturePath, GestureReportQuery, GestureSpend, GesturesQuery,
            NeededAuthority,
        },
        page::{self, Page},
    },
    ids::{CaseId, CustomerId, GestureId, StaffId},
    value::{Currency, Minor},
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

/// The gestures that are shown with a case.
const WITH_CASE: i64 = 20;
/// Before everything that was asked for.
const START: (DateTime<Utc>, Uuid) = (DateTime::from_timestamp_nanos(i64::MIN), Uuid::nil());

/// Writes a gesture, new or after a step.
pub(crate) async fn put(work: &Work, gesture: &Gesture) -> Result<()> {
    let needs = gesture.needs;
    work.execute(
        "INSERT INTO gesture (customer_id, id, org_unit_id, case_id, amount_minor, currency, reason, notes, \
         state, asked_by_id, occurred_at, recorded_at, needs_role, needs_unit_kind, decided_by_id, decided_at, \
         refusal, outcome) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
         ON CONFLICT (customer_id, id) DO UPDATE SET state = excluded.state, \
         needs_role = excluded.needs_role, needs_unit_kind = excluded.needs_unit_kind, \
         decided_by_id = excluded.decided_by_id, decided_at = excluded.decided_at, \
         refusal = excluded.refusal, outcome = excluded.outcome",
        vec![
            gesture.customer_id.uuid().into(),
            gesture.id.uuid().into(),
            gesture.org_unit_id.uuid().into(),
            gesture.case_id.map(CaseId::uuid).into(),
            gesture.amount_minor.get().into(),
            gesture.currency.as_str().into(),
            gesture.reason.as_str().into(),
            gesture.notes.clone().into(),
            word(&gesture.state)?.into(),
            gesture.asked_by_id.uuid().into(),
            gesture.occurred_at.into(),
            work.now().into(),
            needs.map(|one| word(&one.role)).transpose()?.into(),
            needs.and_then(|one| one.unit_kind).map(|kind| word(&kind)).transpose()?.into(),
            gesture.decided_by_id.map(StaffId::uuid).into(),
            gesture.decided_at.into(),
            gesture.refusal.clone().into(),
            gesture.outcome.clone().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Adds an entry to the ledger; it counts for this month.
pub(crate) async fn enter(work: &Work, gesture: &Gesture, entry: &GestureEntry, month: &str) -> Result<()> {
    work.execute(
        "INSERT INTO gesture_entry (customer_id, id, gesture_id, staff_id, month, amount_minor, currency, \
         occurred_at, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            gesture.customer_id.uuid().into(),
            entry.id.uuid().into(),
            gesture.id.uuid().into(),
            entry.staff_id.uuid().into(),
            month.into(),
            entry.amount_minor.get().into(),
            gesture.currency.as_str().into(),
            entry.occurred_at.into(),
            work.now().into(),
        ],
    )
    .await?;
    Ok(())
}

/// For which month the gift of a gesture counts.
pub(crate) async fn month_of(work: &Work, path: GesturePath) -> Result<Option<String>> {
    let sql =
        "SELECT month FROM gesture_entry WHERE customer_id = $1 AND gesture_id = $2 AND amount_minor > 0";
    let values = vec![path.customer_id.uuid().into(), path.gesture_id.uuid().into()];
    Ok(work.query_one(sql, values).await?.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// What somebody gave in a month, less what came back of it.
pub(crate) async fn spent(work: &Work, staff: StaffId, month: &str, currency: &Currency) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(amount_minor), 0) AS bigint) FROM gesture_entry \
               WHERE month = $1 AND staff_id = $2 AND currency = $3";
    let values = vec![month.into(), staff.uuid().into(), currency.as_str().into()];
    Ok(work.query_one(sql, values).await?.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// The gesture within a command, if the customer is in the scope of whoever commands it.
pub(crate) async fn find(work: &Work, path: GesturePath) -> Result<Option<Gesture>> {
    one(work.tx(), path, &work.scope()).await
}

/// The gesture, if the customer is in scope.
pub(crate) async fn get(db: &Db, path: GesturePath, scope: &Scope) -> Result<Option<Gesture>> {
    one(db.read(), path, scope).await
}

async fn one(connection: &impl ConnectionTrait, path: GesturePath, scope: &Scope) -> Result<Option<Gesture>> {
    let mut values: Vec<Value> = vec![path.customer_id.uuid().into(), path.gesture_id.uuid().into()];
    let condition = reference::scope::of_customer(scope, "g.customer_id", &mut values);
    let which = format!("g.customer_id = $1 AND g.id = $2 AND {condition}");
    Ok(load(connection, &which, values).await?.pop())
}

/// The latest gestures made in a case.
pub(super) async fn of_case(connection: &impl ConnectionTrait, path: CasePath) -> Result<Vec<Gesture>> {
    let which = "g.customer_id = $1 AND g.case_id = $2 ORDER BY g.occurred_at DESC, g.id DESC LIMIT $3";
    let values = vec![path.customer_id.uuid().into(), path.case_id.uuid().into(), WITH_CASE.into()];
    load(connection, which, values).await
}

/// A page of the gestures for a customer who is known and in scope, the one asked for last first.
pub(crate) async fn of_customer(
    db: &Db,
    customer: CustomerId,
    after: Option<&str>,
    limit: u32,
    scope: &Scope,
) -> Result<Option<Page<Gesture>>> {
    if reference::customer::in_scope(db, &[customer], scope).await?.is_empty() {
        return Ok(None);
    }
    let query = format!("gestures?customer={customer}");
    let (at, id) = after.map(|cursor| page::place_of(&query, cursor)).transpose()?.unwrap_or(newest::START);
    let which = "g.customer_id = $1 AND (g.occurred_at, g.id) < ($2, $3) \
                 ORDER BY g.occurred_at DESC, g.id DESC LIMIT $4";
    let values = vec![customer.uuid().into(), at.into(), id.into(), (i64::from(limit) + 1).into()];
    let rows = load(db.read(), which, values).await?;
    Ok(Some(Page::of(rows, limit, &query, |row: &Gesture| (row.occurred_at, row.id.uuid()))))
}

/// A page of the gestures for customers in scope, the first asked for first.
pub(crate) async fn page(db: &Db, asked: &GesturesQuery, limit: u32, scope: &Scope) -> Result<Page<Gesture>> {
    let state = asked.state.as_ref().map(word).transpose()?;
    let query = format!("gestures?state={}", state.as_deref().unwrap_or(""));
    let place = asked.after.as_deref().map(|cursor| page::place_of(&query, cursor)).transpose()?;
    let (at, id) = place.unwrap_or(START);
    let mut values: Vec<Value> = vec![at.into(), id.into(), (i64::from(limit) + 1).into()];
    let condition = reference::scope::of_customer(scope, "g.customer_id", &mut values);
    let of_state = state.map(|state| {
        values.push(state.into());
        format!("AND g.state = ${}", values.len())
    });
    let which = format!(
        "(g.occurred_at, g.id) > ($1, $2) AND {condition} {} ORDER BY g.occurred_at, g.id LIMIT $3",
        of_state.unwrap_or_default()
    );
    let rows = load(db.read(), &which, values).await?;
    Ok(Page::of(rows, limit, &query, |row: &Gesture| (row.occurred_at, row.id.uuid())))
}

#[derive(FromQueryResult)]
struct Row {
    customer_id: Uuid,
    id: Uuid,
    org_unit_id: Uuid,
    case_id: Option<Uuid>,
    amount_minor: i64,
    currency: String,
    reason: String,
    notes: Option<String>,
    state: String,
    asked_by_id: Uuid,
    occurred_at: DateTime<Utc>,
    needs_role: Option<String>,
    needs_unit_kind: Option<String>,
    decided_by_id: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
    refusal: Option<String>,
    outcome: Option<String>,
    revision: i64,
}

/// The gestures that a condition names, with their entries: two statements however many they are.
async fn load(connection: &impl ConnectionTrait, which: &str, values: Vec<Value>) -> Result<Vec<Gesture>> {
    let sql = format!(
        "SELECT g.*, r.revision FROM gesture g JOIN revision r ON r.subject_id = g.customer_id WHERE {which}"
    );
    let mut rows = Vec::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        rows.push(Row::from_query_result(&row, "")?);
    }
    let mut entries = entries(connection, &rows).await?;
    rows.into_iter()
        .map(|row| {
            let entries = entries.remove(&row.id.into()).unwrap_or_default();
            gesture(row, entries)
        })
        .collect()
}

async fn entries(
    connection: &impl ConnectionTrait,
    of: &[Row],
) -> Result<BTreeMap<GestureId, Vec<GestureEntry>>> {
    let mut found: BTreeMap<GestureId, Vec<GestureEntry>> = BTreeMap::new();
    if of.is_empty() {
        return Ok(found);
    }
    let mut values: Vec<Value> = Vec::new();
    let pairs: Vec<String> = of
        .iter()
        .map(|row| {
            values.extend([row.customer_id.into(), row.id.into()]);
            format!("(customer_id = ${} AND gesture_id = ${})", values.len() - 1, values.len())
        })
        .collect();
    let sql = format!(
        "SELECT id, gesture_id, staff_id, amount_minor, occurred_at FROM gesture_entry WHERE {} \
         ORDER BY recorded_at, amount_minor DESC",
        pairs.join(" OR ")
    );
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        found.entry(row.try_get::<Uuid>("", "gesture_id")?.into()).or_default().push(GestureEntry {
            id: row.try_get::<Uuid>("", "id")?.into(),
            staff_id: row.try_get::<Uuid>("", "staff_id")?.into(),
            amount_minor: Minor::new(row.try_get("", "amount_minor")?),
            occurred_at: row.try_get("", "occurred_at")?,
        });
    }
    Ok(found)
}

fn gesture(row: Row, entries: Vec<GestureEntry>) -> Result<Gesture> {
    let unit_kind = row.needs_unit_kind.map(from_word).transpose()?;
    let needs = row.needs_role.map(from_word).transpose()?;
    Ok(Gesture {
        id: row.id.into(),
        customer_id: row.customer_id.into(),
        org_unit_id: row.org_unit_id.into(),
        case_id: row.case_id.map(CaseId::from),
        amount_minor: Minor::new(row.amount_minor),
        currency: super::currency(row.currency)?,
        reason: row.reason,
        notes: row.notes,
        state: from_word(row.state)?,
        asked_by_id: row.asked_by_id.into(),
        occurred_at: row.occurred_at,
        needs: needs.map(|role| NeededAuthority { role, unit_kind }),
        decided_by_id: row.decided_by_id.map(StaffId::from),
        decided_at: row.decided_at,
        refusal: row.refusal,
        outcome: row.outcome,
        net_minor: Minor::new(entries.iter().map(|entry| entry.amount_minor.get()).sum()),
        entries,
        revision: row.revision,
    })
}

/// What each member of staff of these units gave in a month, in the order of their ids.
pub(crate) async fn report(
    db: &Db,
    asked: &GestureReportQuery,
    limit: u32,
    organisation: &Scope,
) -> Result<Page<GestureSpend>> {
    let query = format!("gesture-report?month={}", asked.month);
    let place: Option<(Uuid, String)> =
        asked.after.as_deref().map(|cursor| page::key_of(&query, cursor)).transpose()?;
    let (staff, currency) = place.unwrap_or_default();
    let mut values: Vec<Value> =
        vec![asked.month.as_str().into(), staff.into(), currency.into(), (i64::from(limit) + 1).into()];
    let condition = reference::scope::of_org_unit(organisation, &mut values);
    let sql = format!(
        "SELECT e.staff_id, e.currency, SUM(CASE WHEN e.amount_minor > 0 THEN 1 ELSE 0 END) AS given, \
         SUM(CASE WHEN e.amount_minor < 0 THEN 1 ELSE 0 END) AS returned, \
         CAST(SUM(e.amount_minor) AS bigint) AS net FROM gesture_entry e JOIN staff s ON s.id = e.staff_id \
         JOIN org_unit u ON u.id = s.org_unit_id \
         WHERE e.month = $1 AND (e.staff_id, e.currency) > ($2, $3) AND {condition} \
         GROUP BY e.staff_id, e.currency ORDER BY e.staff_id, e.currency LIMIT $4"
    );
    let mut rows = Vec::new();
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        rows.push(GestureSpend {
            staff_id: row.try_get::<Uuid>("", "staff_id")?.into(),
            currency: super::currency(row.try_get("", "currency")?)?,
            given: row.try_get("", "given")?,
            returned: row.try_get("", "returned")?,
            net_minor: Minor::new(row.try_get("", "net")?),
        });
    }
    Ok(Page::of(rows, limit, &query, |row| (row.staff_id.uuid(), row.currency.as_str().to_owned())))
}
