//! Cases with their hand-overs.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
};
use reference::newest::{self, Range};
use schema::{
    access::Scope,
    api::{
        interaction::{Case, CasePath, CaseSummary},
        page::{self, Page},
    },
    event::survey::RecoveryMeasured,
    ids::{AnswerId, CaseId, ContactId, CustomerId, StaffId},
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, EntityTrait as _, FromQueryResult as _, QueryResult, Value,
};
use uuid::Uuid;

use super::{calendar, case_clock, entity::conversation::service_case, gesture, hand_over};
use crate::domain;

/// Writes a new case.
pub(crate) async fn add(work: &Work, new: &Case) -> Result<()> {
    let row = service_case::ActiveModel {
        customer_id: Set(new.customer_id.into()),
        id: Set(new.id.into()),
        org_unit_id: Set(new.org_unit_id.into()),
        contact_id: Set(new.contact_id.map(ContactId::uuid)),
        topic: Set(new.topic.clone()),
        severity: Set(word(&new.severity)?),
        subject: Set(new.subject.clone()),
        state: Set(word(&new.state)?),
        accountable_id: Set(new.accountable_id.into()),
        handler_id: Set(new.handler_id.into()),
        offered_to_id: Set(new.offered_to_id.map(StaffId::uuid)),
        occurred_at: Set(new.occurred_at),
        recorded_at: Set(work.now()),
        due_at: Set(new.due_at),
        resolved_at: Set(new.resolved_at),
        closed_at: Set(new.closed_at),
        outcome: Set(new.outcome.clone()),
        resolution: Set(new.resolution.clone()),
        reopened: Set(new.reopened),
        transfers: Set(new.transfers),
        ping_pong: Set(new.ping_pong),
        standard: Set(new.standard.as_ref().map(calendar::to_json).transpose()?),
        warn_at: Set(new.warn_at),
        respond_by: Set(new.respond_by),
        responded_at: Set(new.responded_at),
        warned_for: Set(None),
        breached_for: Set(None),
        worked_minutes: Set(None),
        complaint: Set(new.complaint),
        answer_id: Set(new.answer_id.map(AnswerId::uuid)),
        recovered: Set(new.recovered),
        score_before: Set(new.score_before),
        score_after: Set(new.score_after),
        measured_at: Set(None),
        respond_warn_at: Set(new.respond_warn_at),
        response_warned_for: Set(None),
        response_breached_for: Set(None),
    };
    service_case::Entity::insert(row).exec_without_returning(work.tx()).await?;
    Ok(())
}

/// Writes what a step changed of a case, and its latest hand-over.
pub(crate) async fn put(work: &Work, case: &Case) -> Result<()> {
    work.execute(
        "UPDATE service_case SET state = $3, accountable_id = $4, handler_id = $5, offered_to_id = $6, \
         resolved_at = $7, closed_at = $8, outcome = $9, resolution = $10, reopened = $11, transfers = $12, \
         ping_pong = $13 WHERE customer_id = $1 AND id = $2",
        vec![
            case.customer_id.uuid().into(),
            case.id.uuid().into(),
            word(&case.state)?.into(),
            case.accountable_id.uuid().into(),
            case.handler_id.uuid().into(),
            case.offered_to_id.map(StaffId::uuid).into(),
            case.resolved_at.into(),
            case.closed_at.into(),
            case.outcome.clone().into(),
            case.resolution.clone().into(),
            case.reopened.into(),
            case.transfers.into(),
            case.ping_pong.into(),
        ],
    )
    .await?;
    hand_over::put_latest(work, case).await
}

/// The case within a command, if the customer is in the scope of whoever commands it.
pub(crate) async fn find(work: &Work, path: CasePath) -> Result<Option<Case>> {
    load(work.tx(), path, &work.scope()).await
}

/// The case, if the customer is in scope.
pub(crate) async fn get(db: &Db, path: CasePath, scope: &Scope) -> Result<Option<Case>> {
    load(db.read(), path, scope).await
}

async fn load(connection: &impl ConnectionTrait, path: CasePath, scope: &Scope) -> Result<Option<Case>> {
    let mut values: Vec<Value> = vec![path.customer_id.uuid().into(), path.case_id.uuid().into()];
    let condition = reference::scope::of_customer(scope, "c.customer_id", &mut values);
    let sql = format!(
        "SELECT c.*, r.revision FROM service_case c JOIN revision r ON r.subject_id = c.customer_id \
         WHERE c.customer_id = $1 AND c.id = $2 AND {condition}"
    );
    let Some(row) = connection.query_one_raw(statement(connection, &sql, values)).await? else {
        return Ok(None);
    };
    let revision = row.try_get("", "revision")?;
    let row = service_case::Model::from_query_result(&row, "")?;
    Ok(Some(Case {
        id: row.id.into(),
        customer_id: row.customer_id.into(),
        org_unit_id: row.org_unit_id.into(),
        contact_id: row.contact_id.map(ContactId::from),
        topic: row.topic,
        severity: from_word(row.severity)?,
        complaint: row.complaint,
        subject: row.subject,
        answer_id: row.answer_id.map(AnswerId::from),
        recovered: row.recovered,
        score_before: row.score_before,
        score_after: row.score_after,
        gestures: gesture::of_case(connection, path).await?,
        state: from_word(row.state)?,
        accountable_id: row.accountable_id.into(),
        handler_id: row.handler_id.into(),
        offered_to_id: row.offered_to_id.map(StaffId::from),
        occurred_at: row.occurred_at,
        due_at: row.due_at,
        standard: row.standard.as_deref().map(calendar::from_json).transpose()?,
        warn_at: row.warn_at,
        respond_by: row.respond_by,
        respond_warn_at: row.respond_warn_at,
        responded_at: row.responded_at,
        response_escalation: row
            .respond_by
            .and_then(|by| case_clock::escalation(by, row.response_warned_for, row.response_breached_for)),
        escalation: case_clock::escalation(row.due_at, row.warned_for, row.breached_for),
        resolved_at: row.resolved_at,
        closed_at: row.closed_at,
        outcome: row.outcome,
        resolution: row.resolution,
        reopened: row.reopened,
        transfers: row.transfers,
        bounced: domain::case::is_bounced(row.transfers),
        ping_pong: row.ping_pong,
        hand_overs: hand_over::of(connection, path).await?,
        revision,
    }))
}

/// A page of the cases of a customer who is known and in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    after: Option<&str>,
    limit: u32,
    scope: &Scope,
) -> Result<Option<Page<CaseSummary>>> {
    if reference::customer::in_scope(db, &[customer], scope).await?.is_empty() {
        return Ok(None);
    }
    let query = format!("cases?customer={customer}");
    let place = after.map(|cursor| page::place_of(&query, cursor)).transpose()?.unwrap_or(newest::START);
    let mut found = newest(db.read(), "service_case", &[(customer, place)], limit + 1).await?;
    let rows = found.remove(&customer).unwrap_or_default();
    Ok(Some(Page::of(rows, limit, &query, |row| (row.occurred_at, row.id))))
}

/// The newest open cases of each range, newest first.
pub(super) async fn newest_open(
    connection: &impl ConnectionTrait,
    ranges: &[Range],
    limit: u32,
) -> Result<BTreeMap<CustomerId, Vec<CaseSummary>>> {
    newest(connection, "open_case", ranges, limit).await
}

async fn newest(
    connection: &impl ConnectionTrait,
    table: &str,
    ranges: &[Range],
    limit: u32,
) -> Result<BTreeMap<CustomerId, Vec<CaseSummary>>> {
    let read =
        |row: service_case::Model| Ok((row.customer_id.into(), (row.occurred_at, row.id), summary(row)?));
    newest::read(connection, table, ranges, limit, read).await
}

/// How many cases of each of these customers are open; nothing for whoever has none.
pub(super) async fn open_counts(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, i32>> {
    let (theirs, values) = super::of_customers(connection, "customer_id", customers);
    let sql = format!(
        "SELECT customer_id, COUNT(*) AS cases FROM service_case \
         WHERE {theirs} AND state IN ('open', 'offered') GROUP BY customer_id"
    );
    let mut found = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        let cases: i64 = row.try_get("", "cases")?;
        let customer: Uuid = row.try_get("", "customer_id")?;
        found.insert(customer.into(), i32::try_from(cases).unwrap_or(i32::MAX));
    }
    Ok(found)
}

/// For how long a complaint counts.
const COMPLAINTS_COUNT_FOR: TimeDelta = TimeDelta::days(90);

/// How many complaints of each of these customers came up in the 90 days before this time; nothing for
/// whoever has none.
pub(super) async fn complaint_counts(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
    as_of: DateTime<Utc>,
) -> Result<BTreeMap<CustomerId, i32>> {
    let (theirs, mut values) = super::of_customers(connection, "customer_id", customers);
    values.extend([(as_of - COMPLAINTS_COUNT_FOR).into(), as_of.into()]);
    let sql = format!(
        "SELECT customer_id, COUNT(*) AS cases FROM service_case WHERE {theirs} AND complaint \
         AND occurred_at > ${} AND occurred_at <= ${} GROUP BY customer_id",
        values.len() - 1,
        values.len()
    );
    let mut found = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        let cases: i64 = row.try_get("", "cases")?;
        let customer: Uuid = row.try_get("", "customer_id")?;
        found.insert(customer.into(), i32::try_from(cases).unwrap_or(i32::MAX));
    }
    Ok(found)
}

/// Whether the answer is followed up by a case.
pub(crate) async fn follows_up(work: &Work, customer: CustomerId, answer: AnswerId) -> Result<bool> {
    let sql = "SELECT 1 FROM service_case WHERE customer_id = $1 AND answer_id = $2";
    Ok(work.query_one(sql, vec![customer.uuid().into(), answer.uuid().into()]).await?.is_some())
}

/// Writes what became of the customer after the case, unless something later is held.
pub(crate) async fn measured(work: &Work, measured: &RecoveryMeasured) -> Result<()> {
    work.execute(
        "UPDATE service_case SET recovered = $3, score_before = $4, score_after = $5, measured_at = $6 \
         WHERE customer_id = $1 AND id = $2 AND (measured_at IS NULL OR measured_at < $6)",
        vec![
            measured.customer_id.uuid().into(),
            measured.case_id.uuid().into(),
            measured.recovered.into(),
            measured.score_before.into(),
            measured.score_after.into(),
            measured.occurred_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Some of the open cases that somebody answers for, handles or is offered.
pub(crate) async fn on_desk(work: &Work, staff: StaffId, limit: i64) -> Result<Vec<CasePath>> {
    let rows = work
        .query_all(
            "SELECT customer_id, id FROM service_case WHERE state IN ('open', 'offered') \
             AND (accountable_id = $1 OR handler_id = $1 OR offered_to_id = $1) ORDER BY customer_id, id LIMIT $2",
            vec![staff.uuid().into(), limit.into()],
        )
        .await?;
    let path = |row: &QueryResult| {
        let customer_id = row.try_get_by_index::<Uuid>(0)?.into();
        Ok(CasePath { customer_id, case_id: CaseId::from(row.try_get_by_index::<Uuid>(1)?) })
    };
    rows.iter().map(path).collect()
}

/// A case without words and hand-overs.
pub(super) fn summary(row: service_case::Model) -> Result<CaseSummary> {
    Ok(CaseSummary {
        id: row.id.into(),
        customer_id: row.customer_id.into(),
        org_unit_id: row.org_unit_id.into(),
        topic: row.topic,
        severity: from_word(row.severity)?,
        complaint: row.complaint,
        answer_id: row.answer_id.map(AnswerId::from),
        state: from_word(row.state)?,
        accountable_id: row.accountable_id.into(),
        handler_id: row.handler_id.into(),
        occurred_at: row.occurred_at,
        due_at: row.due_at,
        transfers: row.transfers,
        ping_pong: row.ping_pong,
        escalation: case_clock::escalation(row.due_at, row.warned_for, row.breached_for),
        response_escalation: row
            .respond_by
            .filter(|_| row.responded_at.is_none())
            .and_then(|by| case_clock::escalation(by, row.response_warned_for, row.response_breached_for)),
    })
}
