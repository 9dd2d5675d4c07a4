//! References of customers: who exists, and which units see them.

use std::collections::{BTreeMap, BTreeSet};

use kit::{
    Db, Error, Received, Result, Unknown, Work,
    db::{statement, word},
    rows::{Rows, among},
};
use schema::{
    access::Scope,
    api::problem::Problem,
    event::customer::CustomerState,
    ids::{CustomerId, OrgUnitId},
};
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

use super::scope;

/// A table with a row for each customer, which holds what the others are told of them.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The table, with `customer_id`, `kind`, `status` and `home_unit_id`.
    pub table: &'static str,
    /// The column with the revision of what is held.
    pub revision: &'static str,
}

/// The table that a service has for nothing else.
pub const REFERENCE: Held = Held { table: "customer_ref", revision: "revision" };

/// Keeps the states that are newer than what is held, each with its revision, and the units that see their customers;
/// gives the customers of whom it was. The rows' locks keep other writers of these customers' units away until the
/// commit.
///
/// # Errors
/// When the database refuses it.
pub async fn keep(
    work: &Work,
    Held { table, revision }: Held,
    states: &[(&CustomerState, i64)],
) -> Result<BTreeSet<CustomerId>> {
    let newest = newest(states);
    let mut rows = Rows::into(table, ["customer_id", "kind", "status", "home_unit_id", revision]);
    for (state, revision) in newest.values() {
        rows.push([
            state.customer_id.uuid().into(),
            word(&state.kind)?.into(),
            word(&state.status)?.into(),
            state.home_unit_id.uuid().into(),
            (*revision).into(),
        ]);
    }
    let then = format!(
        "ON CONFLICT (customer_id) DO UPDATE SET kind = excluded.kind, status = excluded.status, \
         home_unit_id = excluded.home_unit_id, {revision} = excluded.{revision} \
         WHERE {table}.{revision} < excluded.{revision} RETURNING customer_id"
    );
    let newer = work.insert_returning(rows, &then).await?;
    let newer: Result<BTreeSet<CustomerId>> =
        newer.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect();
    let newer = newer?;
    let seen = newest.values().map(|(state, _)| *state).filter(|one| newer.contains(&one.customer_id));
    keep_units(work, seen).await?;
    Ok(newer)
}

/// The newest state of each customer. They are kept in the order of their ids, so that two batches do not wait for
/// each other.
fn newest<'a>(states: &[(&'a CustomerState, i64)]) -> BTreeMap<CustomerId, (&'a CustomerState, i64)> {
    let mut newest: BTreeMap<CustomerId, (&CustomerState, i64)> = BTreeMap::new();
    for (state, revision) in states {
        let held = newest.entry(state.customer_id).or_insert((state, *revision));
        if held.1 < *revision {
            *held = (state, *revision);
        }
    }
    newest
}

/// Replaces the units that see these customers, each of whom comes once.
///
/// # Errors
/// When the database refuses it.
pub async fn keep_units<'a>(work: &Work, states: impl Iterator<Item = &'a CustomerState>) -> Result<()> {
    let mut customers = Vec::new();
    let mut rows = Rows::into("customer_unit", ["customer_id", "org_unit_id"]);
    for state in states {
        customers.push(state.customer_id.uuid());
        let units = state.serving_unit_ids.iter().copied().chain([state.home_unit_id]);
        for unit in units.collect::<BTreeSet<OrgUnitId>>() {
            rows.push([state.customer_id.uuid().into(), unit.uuid().into()]);
        }
    }
    if customers.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = Vec::new();
    let condition = among(work.backend(), "customer_id", customers, &mut values);
    work.execute(&format!("DELETE FROM customer_unit WHERE {condition}"), values).await?;
    work.insert(rows, "").await
}

/// Asserts that the customer is known here and in the scope of whoever commands this.
///
/// # Errors
/// `NotKnownYet` when the reference has not arrived, `not-found` when it is out of scope.
pub async fn require(work: &Work, customer: CustomerId) -> Result<()> {
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let condition = scope::of_customer(&work.scope(), "r.customer_id", &mut values);
    let sql = format!(
        "SELECT CASE WHEN {condition} THEN 1 ELSE 0 END FROM customer_ref r WHERE r.customer_id = $1"
    );
    match work.query_one(&sql, values).await? {
        None => Err(Error::NotKnownYet(customer.into())),
        Some(row) => match row.try_get_by_index::<i32>(0)? {
            1 => Ok(()),
            _ => Err(Problem::not_found("customer").into()),
        },
    }
}

/// Of these events, those whose customer is known here; the others wait for theirs.
///
/// # Errors
/// When the database cannot be asked.
pub async fn known<T>(
    work: &Work,
    events: Vec<Received<T>>,
    customer: impl Fn(&T) -> CustomerId,
) -> Result<(Vec<Received<T>>, Unknown)> {
    let asked: BTreeSet<CustomerId> = events.iter().map(|event| customer(&event.data)).collect();
    let reached = reached(work, &asked).await?;
    let (known, unknown): (Vec<_>, Vec<_>) =
        events.into_iter().partition(|event| reached.contains_key(&customer(&event.data)));
    Ok((known, unknown.iter().map(|event| (event.id, customer(&event.data).uuid())).collect()))
}

/// Which of these customers are known here, and whether each is in the scope of whoever commands this.
///
/// # Errors
/// When the database cannot be asked.
pub async fn reached(work: &Work, customers: &BTreeSet<CustomerId>) -> Result<BTreeMap<CustomerId, bool>> {
    if customers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut values: Vec<Value> = Vec::new();
    let asked = among(work.backend(), "r.customer_id", customers.iter().map(|id| id.uuid()), &mut values);
    let condition = scope::of_customer(&work.scope(), "r.customer_id", &mut values);
    let sql = format!(
        "SELECT r.customer_id, CASE WHEN {condition} THEN 1 ELSE 0 END FROM customer_ref r WHERE {asked}"
    );
    let rows = work.query_all(&sql, values).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index::<Uuid>(0)?.into(), row.try_get_by_index::<i32>(1)? == 1)))
        .collect()
}

/// Of these customers, those that are known here and in scope.
///
/// # Errors
/// When the database cannot be asked.
pub async fn in_scope(db: &Db, customers: &[CustomerId], reach: &Scope) -> Result<BTreeSet<CustomerId>> {
    if customers.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut values = Vec::new();
    let listed = among(db.backend(), "r.customer_id", customers.iter().map(|id| id.uuid()), &mut values);
    let condition = scope::of_customer(reach, "r.customer_id", &mut values);
    let sql = format!("SELECT r.customer_id FROM customer_ref r WHERE {listed} AND {condition}");
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let ids: Result<BTreeSet<CustomerId>, _> =
        rows.iter().map(|row| row.try_get_by_index::<Uuid>(0).map(CustomerId::from)).collect();
    Ok(ids?)
}
