//! What customers use up: what was said about it, and what was delivered.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use kit::{Db, Result, Work, db::statement, rows::Rows};
use schema::{
    access::Scope,
    api::{
        loyalty::{Fill, SuppliesQuery, Supply},
        page::{self, Page},
    },
    event::interaction::Line,
    ids::{CustomerId, PurchaseId},
    value::Milli,
};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use uuid::Uuid;

use crate::domain::replenishment::{Filled, Forecast, Setting};

/// Deliveries of an article that are looked at: the latest.
const LOOKED_AT: usize = 200;
/// The most supplies of a page: each comes with its deliveries.
const PAGE_MOST: u32 = 50;

/// A supply: whose, and of which article.
pub(crate) type Key = (CustomerId, String);

/// What a purchase brought, or a return took away.
pub(crate) struct Delivery<'a> {
    pub(crate) customer: CustomerId,
    /// The purchase or the return.
    pub(crate) id: Uuid,
    pub(crate) purchase: PurchaseId,
    pub(crate) at: DateTime<Utc>,
    pub(crate) lines: &'a [Line],
    /// −1 of a return.
    pub(crate) sign: i64,
}

/// Keeps what was delivered of each article.
pub(crate) async fn delivered(work: &Work, deliveries: &[Delivery<'_>]) -> Result<()> {
    let columns = ["customer_id", "sku", "id", "purchase_id", "occurred_at", "quantity_milli"];
    let mut rows = Rows::into("supply_delivery", columns);
    for one in deliveries {
        for (sku, milli) in quantities(one.lines) {
            rows.push([
                one.customer.uuid().into(),
                sku.into(),
                one.id.into(),
                one.purchase.uuid().into(),
                one.at.into(),
                (milli * one.sign).into(),
            ]);
        }
    }
    work.insert(rows, "").await
}

/// How much of each article.
fn quantities(lines: &[Line]) -> BTreeMap<&str, i64> {
    let mut all: BTreeMap<&str, i64> = BTreeMap::new();
    for line in lines {
        let of_sku = all.entry(line.sku.as_str()).or_default();
        *of_sku = of_sku.saturating_add(line.quantity_milli.get());
    }
    all
}

/// What was said about a supply. Raise the revision first: it keeps other writers away.
pub(crate) async fn find(work: &Work, customer: CustomerId, sku: &str) -> Result<Option<Setting>> {
    let sql = "SELECT * FROM supply WHERE customer_id = $1 AND sku = $2";
    let row = work.query_one(sql, vec![customer.uuid().into(), sku.into()]).await?;
    row.as_ref().map(setting_of).transpose()
}

/// Keeps what was said about a supply.
pub(crate) async fn put(work: &Work, customer: CustomerId, sku: &str, said: &Setting) -> Result<()> {
    work.execute(
        "INSERT INTO supply (customer_id, sku, persons, person_day_milli, lead_days, buffer_days, fill_at, \
             fill_milli) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (customer_id, sku) DO UPDATE SET persons = excluded.persons, \
             person_day_milli = excluded.person_day_milli, lead_days = excluded.lead_days, \
             buffer_days = excluded.buffer_days, fill_at = excluded.fill_at, fill_milli = excluded.fill_milli",
        vec![
            customer.uuid().into(),
            sku.into(),
            said.persons.map(i64::from).into(),
            said.person_day_milli.into(),
            i64::from(said.lead_days).into(),
            i64::from(said.buffer_days).into(),
            said.fill.map(|fill| fill.at).into(),
            said.fill.map(|fill| fill.milli).into(),
        ],
    )
    .await?;
    Ok(())
}

/// Keeps when supplies are to be looked at.
pub(crate) async fn look_at(work: &Work, due: &BTreeMap<Key, Option<DateTime<Utc>>>) -> Result<()> {
    let mut rows = Rows::named("looked", ["customer_id", "sku", "due_at"]);
    for ((customer, sku), due_at) in due {
        rows.push([customer.uuid().into(), sku.as_str().into(), (*due_at).into()]);
    }
    let sql = |looked: &str| {
        format!(
            "UPDATE supply SET due_at = looked.due_at FROM {looked} \
             WHERE supply.customer_id = looked.customer_id AND supply.sku = looked.sku"
        )
    };
    work.execute_over(rows, sql).await?;
    Ok(())
}

/// Remembers that it was told that something runs out on a day (since 1970); `false` when it was before.
pub(crate) async fn tell_once(work: &Work, customer: CustomerId, sku: &str, day: i64) -> Result<bool> {
    let sql = "INSERT INTO supply_told (customer_id, sku, day) VALUES ($1, $2, $3) \
               ON CONFLICT (customer_id, sku, day) DO NOTHING";
    Ok(work.execute(sql, vec![customer.uuid().into(), sku.into(), day.into()]).await?.rows_affected() == 1)
}

/// What was delivered of supplies: of each, what came back taken off, in the order of the purchases.
type Delivered = BTreeMap<Key, Vec<Filled>>;
/// When an article was bought, and how much of it stayed.
type Bought = (Option<DateTime<Utc>>, i64);

/// The statements that read the latest deliveries of these supplies.
fn latest(backend: DbBackend, supplies: impl Iterator<Item = Key>) -> Result<Vec<Statement>> {
    let mut rows = Rows::named("asked", ["customer_id", "sku"]);
    for (customer, sku) in supplies {
        rows.push([customer.uuid().into(), sku.into()]);
    }
    // A purchase and its returns are rows of their own.
    let most = 2 * LOOKED_AT;
    rows.over(backend, |asked| {
        format!(
            "SELECT customer_id, sku, purchase_id, id, occurred_at, quantity_milli FROM ( \
                 SELECT d.*, row_number() OVER (PARTITION BY d.customer_id, d.sku \
                     ORDER BY d.occurred_at DESC, d.id) AS place \
                 FROM {asked} JOIN supply_delivery d \
                     ON d.customer_id = asked.customer_id AND d.sku = asked.sku \
             ) one WHERE place <= {most}"
        )
    })
}

/// What was delivered of these supplies.
pub(crate) async fn deliveries(work: &Work, supplies: impl Iterator<Item = Key>) -> Result<Delivered> {
    read(work.tx(), supplies).await
}

async fn read(connection: &impl ConnectionTrait, supplies: impl Iterator<Item = Key>) -> Result<Delivered> {
    let mut found = Vec::new();
    for statement in latest(connection.get_database_backend(), supplies)? {
        found.extend(connection.query_all_raw(statement).await?);
    }
    fold(&found)
}

fn fold(rows: &[QueryResult]) -> Result<Delivered> {
    let mut by_purchase: BTreeMap<(Key, Uuid), Bought> = BTreeMap::new();
    for row in rows {
        let (purchase, id): (Uuid, Uuid) = (row.try_get("", "purchase_id")?, row.try_get("", "id")?);
        let of_purchase = by_purchase.entry((key_of(row)?, purchase)).or_default();
        of_purchase.1 = of_purchase.1.saturating_add(row.try_get("", "quantity_milli")?);
        if purchase == id {
            of_purchase.0 = Some(row.try_get("", "occurred_at")?);
        }
    }
    let mut all = Delivered::new();
    for ((key, _), (at, milli)) in by_purchase {
        if let Some(at) = at.filter(|_| milli > 0) {
            all.entry(key).or_default().push(Filled { at, milli });
        }
    }
    for deliveries in all.values_mut() {
        deliveries.sort_by_key(|one| (one.at, one.milli));
        let surplus = deliveries.len().saturating_sub(LOOKED_AT);
        deliveries.drain(..surplus);
    }
    Ok(all)
}

/// A page of a customer's supplies with their forecasts; empty when the customer is not in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    scope: &Scope,
    wanted: &SuppliesQuery,
    now: DateTime<Utc>,
) -> Result<Page<Supply>> {
    let limit = page::limit(wanted.limit, PAGE_MOST)?;
    let query = format!("supplies?customer={customer}");
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let mut sql = format!(
        "SELECT s.* FROM supply s WHERE s.customer_id = $1 AND {}",
        reference::scope::of_customer(scope, "s.customer_id", &mut values)
    );
    if let Some(after) = &wanted.after {
        let sku: String = page::key_of(&query, after)?;
        values.push(sku.into());
        sql.push_str(&format!(" AND s.sku > ${}", values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY s.sku LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let said: Result<Vec<(String, Setting)>> =
        rows.iter().map(|row| Ok((row.try_get("", "sku")?, setting_of(row)?))).collect();
    let said = said?;
    let mut delivered = read(db.read(), said.iter().map(|(sku, _)| (customer, sku.clone()))).await?;
    let supplies: Vec<Supply> = said
        .into_iter()
        .map(|(sku, said)| {
            let deliveries = delivered.remove(&(customer, sku.clone())).unwrap_or_default();
            let forecast = said.forecast(&deliveries, now);
            shown(sku, &said, &forecast)
        })
        .collect();
    Ok(Page::of(supplies, limit, &query, |supply| supply.sku.clone()))
}

/// What was said about those of the articles that were delivered.
pub(crate) async fn among(work: &Work, deliveries: &[Delivery<'_>]) -> Result<BTreeMap<Key, Setting>> {
    let customers: BTreeSet<CustomerId> = deliveries.iter().map(|one| one.customer).collect();
    let customers: Vec<CustomerId> = customers.into_iter().collect();
    let said = |row: &QueryResult| Ok((key_of(row)?, setting_of(row)?));
    let all = super::of_each(work, &customers, "SELECT * FROM supply WHERE", said).await?;
    let mut said: BTreeMap<Key, Setting> = all.into_values().flatten().collect();
    if !said.is_empty() {
        let bought: BTreeSet<Key> = deliveries
            .iter()
            .flat_map(|one| quantities(one.lines).into_keys().map(|sku| (one.customer, sku.to_owned())))
            .collect();
        said.retain(|key, _| bought.contains(key));
    }
    Ok(said)
}

fn key_of(row: &QueryResult) -> Result<Key> {
    Ok((row.try_get::<Uuid>("", "customer_id")?.into(), row.try_get("", "sku")?))
}

/// Supplies whose time has come, those first that wait longest.
pub(crate) async fn due(db: &Db, now: DateTime<Utc>, most: u32) -> Result<Vec<(CustomerId, String)>> {
    let sql = "SELECT customer_id, sku FROM supply WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
    let values = vec![now.into(), i64::from(most).into()];
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await?;
    rows.iter().map(key_of).collect()
}

fn setting_of(row: &QueryResult) -> Result<Setting> {
    let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let fill_at: Option<DateTime<Utc>> = row.try_get("", "fill_at")?;
    let fill_milli: Option<i64> = row.try_get("", "fill_milli")?;
    Ok(Setting {
        persons: row.try_get::<Option<i64>>("", "persons")?.map(small),
        person_day_milli: row.try_get("", "person_day_milli")?,
        lead_days: small(row.try_get("", "lead_days")?),
        buffer_days: small(row.try_get("", "buffer_days")?),
        fill: fill_at.zip(fill_milli).map(|(at, milli)| Filled { at, milli }),
    })
}

/// A supply as it is shown.
pub(crate) fn shown(sku: String, said: &Setting, found: &Forecast) -> Supply {
    Supply {
        sku,
        persons: said.persons,
        milli_per_person_day: said.person_day_milli.map(Milli::new),
        lead_days: said.lead_days,
        buffer_days: said.buffer_days,
        rate_source: found.source,
        daily_use_milli: found.rate.map(|rate| Milli::new(rate / 1_000_000)),
        last_fill: found.fill.map(|fill| Fill { at: fill.at, quantity_milli: Milli::new(fill.milli) }),
        stock_now_milli: found.stock_now_milli.map(Milli::new),
        days_left_milli: found.days_left_milli,
        runs_out_at: found.runs_out_at,
        deliver_by: found.deliver_by,
        deliver_in_days: found.deliver_in_days,
        refill_milli: found.refill_milli.map(Milli::new),
    }
}
