//! Accounts: written under the customer's revision, read in batches with three statements however many.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement, word},
    rows::{Rows, among},
};
use schema::{
    access::Scope,
    api::{
        loyalty::{LoyaltyAccount, NextExpiry, PointsEntry, PointsHold},
        section::SectionOf,
    },
    ids::CustomerId,
    value::Points,
};
use sea_orm::{ConnectionTrait as _, FromQueryResult as _, QueryResult, Value};
use uuid::Uuid;

use super::{entity::points_account, hold, ledger};
use crate::domain::{account::Standing, ledger::Side, tier};

/// The most entries that an account is shown with.
const ENTRIES_SHOWN: u32 = 10;
/// The most open holds that an account is shown with.
const HOLDS_SHOWN: usize = 10;

/// Opens the accounts of these customers that are not open yet; they stand as an account without a history does.
pub(crate) async fn open(
    work: &Work,
    opened: &BTreeMap<CustomerId, DateTime<Utc>>,
    standing: &Standing,
) -> Result<()> {
    let mut rows = Rows::into(
        "points_account",
        [
            "customer_id",
            "opened_at",
            "balance",
            "qualifying",
            "tier",
            "due_at",
            "next_threshold",
            "tier_review_at",
            "next_expiry_at",
            "next_expiry_points",
        ],
    );
    for (customer, at) in opened {
        let [balance, qualifying, tier, due_at, next_threshold, review_at, expiry_at, expiry_points] =
            columns(standing)?;
        rows.push([
            customer.uuid().into(),
            (*at).into(),
            balance,
            qualifying,
            tier,
            due_at,
            next_threshold,
            review_at,
            expiry_at,
            expiry_points,
        ]);
    }
    work.insert(rows, "ON CONFLICT (customer_id) DO NOTHING").await
}

/// Keeps since when these accounts are open.
pub(crate) async fn opened(work: &Work, opened: &BTreeMap<CustomerId, DateTime<Utc>>) -> Result<()> {
    let mut rows = Rows::named("told", ["customer_id", "opened_at"]);
    for (customer, at) in opened {
        rows.push([customer.uuid().into(), (*at).into()]);
    }
    let sql = |told: &str| {
        format!(
            "UPDATE points_account SET opened_at = told.opened_at FROM {told} \
             WHERE points_account.customer_id = told.customer_id"
        )
    };
    work.execute_over(rows, sql).await?;
    Ok(())
}

/// How an account stands. Raise the revision first: it keeps other writers away.
pub(crate) async fn standing(work: &Work, customer: CustomerId) -> Result<Standing> {
    standings(work, &[customer]).await?.remove(&customer).ok_or_else(|| missing(customer))
}

/// How these accounts stand. Raise the revisions first: it keeps other writers away.
pub(crate) async fn standings(
    work: &Work,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, Standing>> {
    let sql = "SELECT * FROM points_account WHERE";
    let read = |row: &QueryResult| standing_of(&points_account::Model::from_query_result(row, "")?);
    let found = super::of_each(work, customers, sql, read).await?;
    Ok(found.into_iter().filter_map(|(id, mut one)| Some((id, one.pop()?))).collect())
}

/// The fault that a customer who is known has no account.
pub(crate) fn missing(customer: CustomerId) -> Error {
    Error::Fault(format!("customer {customer} is known but has no account"))
}

/// Keeps how these accounts stand.
pub(crate) async fn put(work: &Work, standings: &BTreeMap<CustomerId, Standing>) -> Result<()> {
    let mut rows = Rows::named(
        "now",
        [
            "customer_id",
            "balance",
            "qualifying",
            "tier",
            "due_at",
            "next_threshold",
            "tier_review_at",
            "next_expiry_at",
            "next_expiry_points",
        ],
    );
    for (customer, standing) in standings {
        let [balance, qualifying, tier, due_at, next_threshold, review_at, expiry_at, expiry_points] =
            columns(standing)?;
        rows.push([
            customer.uuid().into(),
            balance,
            qualifying,
            tier,
            due_at,
            next_threshold,
            review_at,
            expiry_at,
            expiry_points,
        ]);
    }
    let sql = |now: &str| {
        format!(
            "UPDATE points_account SET balance = now.balance, qualifying = now.qualifying, tier = now.tier, \
                 due_at = now.due_at, next_threshold = now.next_threshold, \
                 tier_review_at = now.tier_review_at, next_expiry_at = now.next_expiry_at, \
                 next_expiry_points = now.next_expiry_points \
             FROM {now} WHERE points_account.customer_id = now.customer_id"
        )
    };
    work.execute_over(rows, sql).await?;
    Ok(())
}

/// A standing as its columns have it: balance, qualifying, tier, due_at, next_threshold, tier_review_at,
/// next_expiry_at, next_expiry_points.
fn columns(standing: &Standing) -> Result<[Value; 8]> {
    Ok([
        standing.balance.get().into(),
        standing.qualifying.get().into(),
        word(&standing.tier)?.into(),
        standing.due_at.into(),
        standing.next_threshold.map(Points::get).into(),
        standing.tier_review_at.into(),
        standing.next_expiry.map(|(at, _)| at).into(),
        standing.next_expiry.map(|(_, points)| points.get()).into(),
    ])
}

/// Accounts in which time alone changes something by now, those first that wait longest.
pub(crate) async fn due(db: &Db, now: DateTime<Utc>, most: u32) -> Result<Vec<CustomerId>> {
    let sql = "SELECT customer_id FROM points_account WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
    let values = vec![now.into(), i64::from(most).into()];
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
}

/// The accounts of those of `ids` that are known here and in scope, each with its latest entries.
///
/// Revisions are read before entries: what is newer than its revision is read again, never overlooked.
pub(crate) async fn sections(
    db: &Db,
    ids: &[CustomerId],
    scope: &Scope,
    as_of: DateTime<Utc>,
) -> Result<Vec<SectionOf<LoyaltyAccount>>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let listed = among(db.backend(), "a.customer_id", ids.iter().map(|id| id.uuid()), &mut values);
    let condition = reference::scope::of_customer(scope, "a.customer_id", &mut values);
    let sql = format!(
        "SELECT a.*, COALESCE(r.revision, 0) AS revision \
         FROM points_account a LEFT JOIN revision r ON r.subject_id = a.customer_id \
         WHERE {listed} AND {condition}"
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let accounts: Result<Vec<(points_account::Model, i64)>, sea_orm::DbErr> = rows
        .iter()
        .map(|row| Ok((points_account::Model::from_query_result(row, "")?, row.try_get("", "revision")?)))
        .collect();
    let accounts = accounts?;
    let found: Vec<CustomerId> = accounts.iter().map(|(account, _)| account.customer_id.into()).collect();
    let mut entries = ledger::latest(db, &found, ENTRIES_SHOWN).await?;
    let mut holds = hold::open_of(db, &found, as_of).await?;
    accounts
        .into_iter()
        .map(|(account, revision)| {
            let customer_id = CustomerId::from(account.customer_id);
            let entries = entries.remove(&customer_id).unwrap_or_default();
            let holds = holds.remove(&customer_id).unwrap_or_default();
            Ok(SectionOf {
                customer_id,
                revision,
                as_of,
                section: loyalty_account(&account, entries, holds)?,
            })
        })
        .collect()
}

fn loyalty_account(
    row: &points_account::Model,
    entries: Vec<PointsEntry>,
    mut holds: Vec<PointsHold>,
) -> Result<LoyaltyAccount> {
    let standing = standing_of(row)?;
    let held = holds.iter().filter_map(|hold| hold.points).map(Points::get).fold(0, i64::saturating_add);
    let held = Points::new(held);
    holds.truncate(HOLDS_SHOWN);
    let next_tier = tier::above(standing.tier);
    let missing = |from: Points| Points::new(from.get().saturating_sub(standing.qualifying.get()).max(0));
    Ok(LoyaltyAccount {
        tier: Some(standing.tier),
        balance: Some(standing.balance),
        available: Some(standing.available(held)),
        held: Some(held),
        qualifying: Some(standing.qualifying),
        next_tier,
        points_to_next_tier: standing.next_threshold.map(missing),
        tier_review_at: standing.tier_review_at,
        next_expiry: standing.next_expiry.map(|(at, points)| NextExpiry { at, points: Some(points) }),
        entries,
        holds,
        opened_at: row.opened_at,
    })
}

fn standing_of(row: &points_account::Model) -> Result<Standing> {
    Ok(Standing {
        balance: Points::new(row.balance),
        qualifying: Points::new(row.qualifying),
        tier: from_word(row.tier.clone())?,
        next_threshold: row.next_threshold.map(Points::new),
        tier_review_at: row.tier_review_at,
        next_expiry: row.next_expiry_at.zip(row.next_expiry_points.map(Points::new)),
        due_at: row.due_at,
    })
}

/// How many accounts hold another balance than the sum of their postings: zero, or the ledger is broken.
/// Reads the whole ledger; a check, not a request.
///
/// # Errors
/// When the database cannot be asked.
pub async fn unbalanced_accounts(db: &Db) -> Result<i64> {
    let sql = "SELECT count(*) FROM points_account a LEFT JOIN ( \
                   SELECT customer_id, CAST(sum(points) AS bigint) AS points \
                   FROM points_posting WHERE account = $1 GROUP BY customer_id \
               ) posted ON posted.customer_id = a.customer_id WHERE a.balance <> COALESCE(posted.points, 0)";
    let values = vec![word(&Side::Member)?.into()];
    let row = db.read().query_one_raw(statement(db.read(), sql, values)).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}
