//! Lots, as the book has them. They are kept to be read; what they come to is reckoned anew from entries,
//! facts and holds whenever one of these changes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{Db, Result, Work, db::statement, rows::Rows};
use schema::{
    access::Scope,
    api::{
        loyalty::{LotsQuery, PointsLot},
        page::{self, Page},
    },
    ids::{CustomerId, PurchaseId},
    value::Points,
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

use crate::domain::lot::Lot;

/// A lot as it is kept, and whether its notice is done with.
pub(crate) type Kept = (Lot, bool);

/// The lots of each of these customers. Raise the revisions first: it keeps other writers away.
pub(crate) async fn of(work: &Work, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, Vec<Kept>>> {
    let kept = |row: &QueryResult| Ok((lot_of(row)?, row.try_get::<i64>("", "noticed")? != 0));
    super::of_each(work, customers, "SELECT * FROM points_lot WHERE", kept).await
}

/// Keeps lots.
pub(crate) async fn put(work: &Work, lots: &[(CustomerId, Kept)]) -> Result<()> {
    let mut rows = Rows::into(
        "points_lot",
        [
            "customer_id",
            "id",
            "purchase_id",
            "opened_at",
            "expires_at",
            "notice_at",
            "noticed",
            "points",
            "used",
            "reversed",
            "expired",
            "held",
            "remaining",
        ],
    );
    for (customer, (lot, noticed)) in lots {
        rows.push([
            customer.uuid().into(),
            lot.id.uuid().into(),
            lot.purchase.map(PurchaseId::uuid).into(),
            lot.opened_at.into(),
            lot.expires_at.into(),
            lot.notice_at.into(),
            i64::from(*noticed).into(),
            lot.points.into(),
            lot.used.into(),
            lot.reversed.into(),
            lot.expired.into(),
            lot.held.into(),
            lot.remaining().into(),
        ]);
    }
    let then = "ON CONFLICT (customer_id, id) DO UPDATE SET noticed = excluded.noticed, \
                points = excluded.points, used = excluded.used, reversed = excluded.reversed, \
                expired = excluded.expired, held = excluded.held, remaining = excluded.remaining";
    work.insert(rows, then).await
}

/// A page of a customer's lots, the latest first; empty when the customer is not in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    scope: &Scope,
    wanted: &LotsQuery,
) -> Result<Page<PointsLot>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let open = wanted.open.unwrap_or_default();
    let query = format!("points-lots?customer={customer}&open={open}");
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let mut sql = format!(
        "SELECT l.* FROM points_lot l WHERE l.customer_id = $1 AND {}",
        reference::scope::of_customer(scope, "l.customer_id", &mut values)
    );
    if open {
        sql.push_str(" AND l.remaining > 0");
    }
    if let Some(after) = &wanted.after {
        let (opened_at, id) = page::place_of(&query, after)?;
        values.push(opened_at.into());
        values.push(id.into());
        sql.push_str(&format!(" AND (l.opened_at, l.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY l.opened_at DESC, l.id DESC LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let lots: Result<Vec<PointsLot>> = rows.iter().map(|row| Ok(shown(&lot_of(row)?))).collect();
    Ok(Page::of(lots?, limit, &query, |lot| (lot.opened_at, lot.id)))
}

fn lot_of(row: &QueryResult) -> Result<Lot> {
    let number = |column| row.try_get::<i64>("", column);
    let time = |column| row.try_get::<Option<DateTime<Utc>>>("", column);
    Ok(Lot {
        id: row.try_get::<Uuid>("", "id")?.into(),
        purchase: row.try_get::<Option<Uuid>>("", "purchase_id")?.map(Into::into),
        opened_at: row.try_get("", "opened_at")?,
        expires_at: time("expires_at")?,
        notice_at: time("notice_at")?,
        points: number("points")?,
        used: number("used")?,
        reversed: number("reversed")?,
        expired: number("expired")?,
        held: number("held")?,
    })
}

fn shown(lot: &Lot) -> PointsLot {
    let points = |number| Some(Points::new(number));
    PointsLot {
        id: lot.id,
        purchase_id: lot.purchase,
        state: lot.state(),
        points: points(lot.points),
        remaining: points(lot.remaining()),
        held: points(lot.held),
        used: points(lot.used),
        reversed: points(lot.reversed),
        expired: points(lot.expired),
        opened_at: lot.opened_at,
        expires_at: lot.expires_at,
    }
}
