//! Proposals to reach customers, what was decided, and the policy.

use chrono::{DateTime, TimeDelta, Utc};
use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
};
use reference::newest;
use schema::{
    access::Scope,
    api::{
        interaction::{Outreach, OutreachPolicy},
        page::{self, Page},
    },
    event::survey::OutreachProposed,
    ids::{CustomerId, HouseholdId, OutreachId},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::domain::outreach::{Verdict, standard_policy};

/// Whose revision the policy has.
pub(crate) const POLICY: Uuid = Uuid::from_u128(0x6f75_7472_6561_6368_5f70_6f6c_6963_7901);
/// How far around a time outreaches are counted: the longest span of the policy, both ways.
const AROUND: TimeDelta = TimeDelta::days(400);

/// Whether the proposal was decided.
pub(crate) async fn is_decided(work: &Work, customer: CustomerId, id: OutreachId) -> Result<bool> {
    let sql = "SELECT 1 FROM outreach WHERE customer_id = $1 AND id = $2";
    Ok(work.query_one(sql, vec![customer.uuid().into(), id.uuid().into()]).await?.is_some())
}

/// Writes a proposal with what was decided now.
pub(crate) async fn add(work: &Work, proposed: &OutreachProposed, verdict: Verdict) -> Result<()> {
    let (channel, not_before, because) = match verdict {
        Verdict::Granted { channel, not_before } => (Some(word(&channel)?), Some(not_before), None),
        Verdict::Held(because) => (None, None, Some(word(&because)?)),
    };
    work.execute(
        "INSERT INTO outreach (customer_id, id, purpose, reason, owed, caused_at, expires_at, occurred_at, \
         channel, not_before, held_because) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vec![
            proposed.customer_id.uuid().into(),
            proposed.outreach_id.uuid().into(),
            word(&proposed.purpose)?.into(),
            proposed.reason.as_str().into(),
            proposed.owed.into(),
            proposed.caused_at.into(),
            proposed.expires_at.into(),
            work.now().into(),
            channel.into(),
            not_before.into(),
            because.into(),
        ],
    )
    .await?;
    Ok(())
}

/// When the customer was or will be reached.
pub(crate) async fn to_person(work: &Work, customer: CustomerId) -> Result<Vec<DateTime<Utc>>> {
    let sql = "SELECT not_before FROM outreach WHERE customer_id = $1 AND held_because IS NULL \
               AND not_before > $2 ORDER BY not_before DESC LIMIT 1000";
    let rows = work.query_all(sql, vec![customer.uuid().into(), (work.now() - AROUND).into()]).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// When any customer of the household was or will be reached.
pub(crate) async fn to_household(work: &Work, household: HouseholdId) -> Result<Vec<DateTime<Utc>>> {
    let sql = "SELECT o.not_before FROM household_copy h JOIN outreach o ON o.customer_id = h.customer_id \
               WHERE h.household_id = $1 AND o.held_because IS NULL AND o.not_before > $2 \
               ORDER BY o.not_before DESC LIMIT 1000";
    let rows = work.query_all(sql, vec![household.uuid().into(), (work.now() - AROUND).into()]).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

#[derive(FromQueryResult)]
struct Row {
    customer_id: Uuid,
    id: Uuid,
    purpose: String,
    reason: String,
    owed: bool,
    caused_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    occurred_at: DateTime<Utc>,
    channel: Option<String>,
    not_before: Option<DateTime<Utc>>,
    held_because: Option<String>,
}

/// A page of what was decided about a customer who is known and in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    after: Option<&str>,
    limit: u32,
    scope: &Scope,
) -> Result<Option<Page<Outreach>>> {
    if reference::customer::in_scope(db, &[customer], scope).await?.is_empty() {
        return Ok(None);
    }
    let query = format!("outreaches?customer={customer}");
    let place = after.map(|cursor| page::place_of(&query, cursor)).transpose()?.unwrap_or(newest::START);
    let read = |row: Row| Ok((row.customer_id.into(), (row.occurred_at, row.id), outreach(row)?));
    let found = newest::read(db.read(), "outreach", &[(customer, place)], limit + 1, read).await?;
    let rows = found.into_values().next().unwrap_or_default();
    Ok(Some(Page::of(rows, limit, &query, |row: &Outreach| (row.decided_at, row.id.uuid()))))
}

fn outreach(row: Row) -> Result<Outreach> {
    Ok(Outreach {
        id: row.id.into(),
        customer_id: row.customer_id.into(),
        purpose: from_word(row.purpose)?,
        reason: row.reason,
        owed: row.owed,
        caused_at: row.caused_at,
        expires_at: row.expires_at,
        decided_at: row.occurred_at,
        channel: row.channel.map(from_word).transpose()?,
        not_before: row.not_before,
        held_because: row.held_because.map(from_word).transpose()?,
    })
}

/// The policy within a work.
pub(crate) async fn policy(work: &Work) -> Result<OutreachPolicy> {
    load_policy(work.tx()).await
}

/// The policy.
pub(crate) async fn get_policy(db: &Db) -> Result<OutreachPolicy> {
    load_policy(db.read()).await
}

async fn load_policy(connection: &impl ConnectionTrait) -> Result<OutreachPolicy> {
    let sql = "SELECT p.*, r.revision FROM outreach_policy p JOIN revision r ON r.subject_id = $1";
    let row = connection.query_one_raw(statement(connection, sql, vec![POLICY.into()])).await?;
    let Some(row) = row else { return Ok(standard_policy()) };
    Ok(OutreachPolicy {
        person_most: row.try_get("", "person_most")?,
        person_days: row.try_get("", "person_days")?,
        household_most: row.try_get("", "household_most")?,
        household_days: row.try_get("", "household_days")?,
        time_zone: row.try_get("", "time_zone")?,
        revision: row.try_get("", "revision")?,
    })
}

/// Writes the policy.
pub(crate) async fn put_policy(work: &Work, policy: &OutreachPolicy) -> Result<()> {
    work.execute(
        "INSERT INTO outreach_policy (id, person_most, person_days, household_most, household_days, time_zone) \
         VALUES (1, $1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET person_most = excluded.person_most, \
         person_days = excluded.person_days, household_most = excluded.household_most, \
         household_days = excluded.household_days, time_zone = excluded.time_zone",
        vec![
            policy.person_most.into(),
            policy.person_days.into(),
            policy.household_most.into(),
            policy.household_days.into(),
            policy.time_zone.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}
