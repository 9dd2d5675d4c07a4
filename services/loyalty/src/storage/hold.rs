//! Holds: written under the customer's revision. An open hold whose time has come counts as expired, whether
//! the job has noticed or not.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement, word},
    rows::among,
};
use schema::{
    access::Scope,
    api::{
        loyalty::{HoldState, HoldsQuery, PointsHold},
        page::{self, Page},
    },
    ids::{CustomerId, PointsEntryId},
    value::Points,
};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ConnectionTrait as _, EntityTrait as _, FromQueryResult as _, Value,
};
use uuid::Uuid;

use super::entity::points_hold;
use crate::domain::{hold::Hold, reckoning::Held};

/// Adds a hold.
pub(crate) async fn add(work: &Work, customer: CustomerId, hold: &PointsHold) -> Result<()> {
    let row = points_hold::ActiveModel {
        customer_id: Set(customer.into()),
        id: Set(hold.id.into()),
        points: Set(hold.points.unwrap_or_default().get()),
        reason: Set(hold.reason.clone()),
        state: Set(word(&hold.state)?),
        placed_at: Set(hold.placed_at),
        expires_at: Set(hold.expires_at),
        settled_at: Set(hold.settled_at),
    };
    points_hold::Entity::insert(row).exec_without_returning(work.tx()).await?;
    Ok(())
}

/// Keeps what became of a hold.
pub(crate) async fn settle(work: &Work, customer: CustomerId, hold: &PointsHold) -> Result<()> {
    let row = points_hold::ActiveModel {
        customer_id: Unchanged(customer.into()),
        id: Unchanged(hold.id.into()),
        state: Set(word(&hold.state)?),
        settled_at: Set(hold.settled_at),
        ..Default::default()
    };
    points_hold::Entity::update(row).exec(work.tx()).await?;
    Ok(())
}

/// The hold as its row has it. Raise the revision first: it keeps other writers away.
pub(crate) async fn find(
    work: &Work,
    customer: CustomerId,
    id: PointsEntryId,
) -> Result<Option<(Hold, PointsHold)>> {
    let row = points_hold::Entity::find_by_id((customer.into(), id.into())).one(work.tx()).await?;
    row.map(|row| {
        let state: HoldState = from_word(row.state.clone())?;
        Ok((Hold::of(state, row.expires_at), hold_of(row, work.now())?))
    })
    .transpose()
}

/// How many holds of a customer are open, and how many points they hold together.
pub(crate) async fn open(work: &Work, customer: CustomerId) -> Result<(u64, Points)> {
    let row = work
        .query_one(
            "SELECT count(*), CAST(COALESCE(sum(points), 0) AS bigint) FROM points_hold \
             WHERE customer_id = $1 AND state = 'open' AND expires_at > $2",
            vec![customer.uuid().into(), work.now().into()],
        )
        .await?
        .ok_or_else(|| Error::Fault("counting gave no row".into()))?;
    let holds: i64 = row.try_get_by_index(0)?;
    Ok((u64::try_from(holds).unwrap_or_default(), Points::new(row.try_get_by_index(1)?)))
}

/// What the holds of each of these customers took: those that are open, and those whose points were spent.
pub(crate) async fn taken(work: &Work, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, Vec<Held>>> {
    let sql = "SELECT customer_id, id, points, placed_at, expires_at, state FROM points_hold \
               WHERE state IN ('confirmed', 'open') AND";
    let held = |row: &sea_orm::QueryResult| {
        let state: HoldState = from_word(row.try_get("", "state")?)?;
        let held = Held {
            id: row.try_get::<Uuid>("", "id")?.into(),
            points: row.try_get("", "points")?,
            placed_at: row.try_get("", "placed_at")?,
            spent: state == HoldState::Confirmed,
        };
        let expires_at: DateTime<Utc> = row.try_get("", "expires_at")?;
        Ok((held.spent || expires_at > work.now()).then_some(held))
    };
    let found = super::of_each(work, customers, sql, held).await?;
    Ok(found.into_iter().map(|(id, holds)| (id, holds.into_iter().flatten().collect())).collect())
}

/// The open holds of each of these customers, those that expire first. A customer has a bounded number.
pub(super) async fn open_of(
    db: &Db,
    customers: &[CustomerId],
    now: DateTime<Utc>,
) -> Result<BTreeMap<CustomerId, Vec<PointsHold>>> {
    let mut found: BTreeMap<CustomerId, Vec<PointsHold>> = BTreeMap::new();
    if customers.is_empty() {
        return Ok(found);
    }
    let mut values: Vec<Value> = vec![now.into()];
    let listed = among(db.backend(), "customer_id", customers.iter().map(|id| id.uuid()), &mut values);
    let sql = format!(
        "SELECT * FROM points_hold WHERE {listed} AND state = 'open' AND expires_at > $1 \
         ORDER BY customer_id, expires_at, id"
    );
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        let row = points_hold::Model::from_query_result(&row, "")?;
        found.entry(row.customer_id.into()).or_default().push(hold_of(row, now)?);
    }
    Ok(found)
}

/// A page of a customer's holds, newest first; empty when the customer is not in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    scope: &Scope,
    wanted: &HoldsQuery,
    now: DateTime<Utc>,
) -> Result<Page<PointsHold>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = format!("points-holds?customer={customer}");
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let mut sql = format!(
        "SELECT h.* FROM points_hold h WHERE h.customer_id = $1 AND {}",
        reference::scope::of_customer(scope, "h.customer_id", &mut values)
    );
    if let Some(after) = &wanted.after {
        let (placed_at, id) = page::place_of(&query, after)?;
        values.push(placed_at.into());
        values.push(id.into());
        sql.push_str(&format!(" AND (h.placed_at, h.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY h.placed_at DESC, h.id DESC LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let holds: Result<Vec<PointsHold>> =
        rows.iter().map(|row| hold_of(points_hold::Model::from_query_result(row, "")?, now)).collect();
    Ok(Page::of(holds?, limit, &query, |hold| (hold.placed_at, hold.id)))
}

/// Open holds whose time has come, those first that expired first.
pub(crate) async fn expired(
    db: &Db,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<(CustomerId, PointsEntryId)>> {
    let sql = "SELECT customer_id, id FROM points_hold WHERE state = 'open' AND expires_at <= $1 \
               ORDER BY expires_at LIMIT $2";
    let values = vec![now.into(), i64::from(most).into()];
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await?;
    let read = |row: &sea_orm::QueryResult| {
        let (customer, id): (Uuid, Uuid) = (row.try_get("", "customer_id")?, row.try_get("", "id")?);
        Ok((customer.into(), id.into()))
    };
    rows.iter().map(read).collect()
}

fn hold_of(row: points_hold::Model, now: DateTime<Utc>) -> Result<PointsHold> {
    let state = Hold::of(from_word(row.state)?, row.expires_at).at(now).state();
    Ok(PointsHold {
        id: row.id.into(),
        points: Some(Points::new(row.points)),
        reason: row.reason,
        state,
        placed_at: row.placed_at,
        expires_at: row.expires_at,
        settled_at: row.settled_at.or((state == HoldState::Expired).then_some(row.expires_at)),
    })
}
