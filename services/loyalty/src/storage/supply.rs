//! What customers use up: what was said about it, and what was delivered.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{Db, Result, Work, db::statement};
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
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

use crate::domain::replenishment::{Filled, Forecast, Setting};

/// Deliveries of an article that are looked at: the latest.
const LOOKED_AT: usize = 200;
/// The most supplies of a page: each comes with its deliveries.
const PAGE_MOST: u32 = 50;

/// Keeps what a purchase brought, or a return took away (`sign` −1), of each article.
pub(crate) async fn delivered(
    work: &Work,
    customer: CustomerId,
    (id, purchase): (Uuid, PurchaseId),
    at: DateTime<Utc>,
    lines: &[Line],
    sign: i64,
) -> Result<()> {
    for (sku, milli) in quantities(lines) {
        work.execute(
            "INSERT INTO supply_delivery (customer_id, sku, id, purchase_id, occurred_at, quantity_milli) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            vec![
                customer.uuid().into(),
                sku.into(),
                id.into(),
                purchase.uuid().into(),
                at.into(),
                (milli * sign).into(),
            ],
        )
        .await?;
    }
    Ok(())
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

/// Keeps when a supply is to be looked at.
pub(crate) async fn look_at(
    work: &Work,
    customer: CustomerId,
    sku: &str,
    due_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let sql = "UPDATE supply SET due_at = $3 WHERE customer_id = $1 AND sku = $2";
    work.execute(sql, vec![customer.uuid().into(), sku.into(), due_at.into()]).await?;
    Ok(())
}

/// Remembers that it was told that something runs out on a day (since 1970); `false` when it was before.
pub(crate) async fn tell_once(work: &Work, customer: CustomerId, sku: &str, day: i64) -> Result<bool> {
    let sql = "INSERT INTO supply_told (customer_id, sku, day) VALUES ($1, $2, $3) \
               ON CONFLICT (customer_id, sku, day) DO NOTHING";
    Ok(work.execute(sql, vec![customer.uuid().into(), sku.into(), day.into()]).await?.rows_affected() == 1)
}

/// What was delivered of these articles: of each, what came back taken off, in the order of the purchases.
type Delivered = BTreeMap<String, Vec<Filled>>;
/// When an article was bought, and how much of it stayed.
type Bought = (Option<DateTime<Utc>>, i64);

/// The statement that reads the latest deliveries of some articles of a customer, with its values.
fn latest(customer: CustomerId, skus: &[String]) -> (String, Vec<Value>) {
    // A purchase and its returns are rows of their own.
    let mut values: Vec<Value> = vec![customer.uuid().into(), (2 * LOOKED_AT as i64).into()];
    values.extend(skus.iter().map(|sku| Value::from(sku.as_str())));
    let places: Vec<String> = (3..=values.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT sku, purchase_id, id, occurred_at, quantity_milli FROM ( \
             SELECT d.*, row_number() OVER (PARTITION BY d.sku ORDER BY d.occurred_at DESC, d.id) AS place \
             FROM supply_delivery d WHERE d.customer_id = $1 AND d.sku IN ({}) \
         ) one WHERE place <= $2",
        places.join(", ")
    );
    (sql, values)
}

/// What was delivered of an article.
pub(crate) async fn deliveries(work: &Work, customer: CustomerId, sku: &str) -> Result<Vec<Filled>> {
    let (sql, values) = latest(customer, &[sku.to_owned()]);
    Ok(fold(&work.query_all(&sql, values).await?)?.remove(sku).unwrap_or_default())
}

fn fold(rows: &[QueryResult]) -> Result<Delivered> {
    let mut by_purchase: BTreeMap<(String, Uuid), Bought> = BTreeMap::new();
    for row in rows {
        let (purchase, id): (Uuid, Uuid) = (row.try_get("", "purchase_id")?, row.try_get("", "id")?);
        let of_purchase = by_purchase.entry((row.try_get("", "sku")?, purchase)).or_default();
        of_purchase.1 = of_purchase.1.saturating_add(row.try_get("", "quantity_milli")?);
        if purchase == id {
            of_purchase.0 = Some(row.try_get("", "occurred_at")?);
        }
    }
    let mut all = Delivered::new();
    for ((sku, _), (at, milli)) in by_purchase {
        if let Some(at) = at.filter(|_| milli > 0) {
            all.entry(sku).or_default().push(Filled { at, milli });
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
    let mut delivered = Delivered::new();
    if !said.is_empty() {
        let skus: Vec<String> = said.iter().map(|(sku, _)| sku.clone()).collect();
        let (sql, values) = latest(customer, &skus);
        delivered = fold(&db.read().query_all_raw(statement(db.read(), &sql, values)).await?)?;
    }
    let supplies: Vec<Supply> = said
        .into_iter()
        .map(|(sku, said)| {
            let deliveries = delivered.remove(&sku).unwrap_or_default();
            let forecast = said.forecast(&deliveries, now);
            shown(sku, &said, &forecast)
        })
        .collect();
    Ok(Page::of(supplies, limit, &query, |supply| supply.sku.clone()))
}

/// Which of these articles are supplies of a customer.
pub(crate) async fn among(work: &Work, customer: CustomerId, lines: &[Line]) -> Result<Vec<String>> {
    let skus = quantities(lines);
    if skus.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    values.extend(skus.keys().map(|sku| Value::from(*sku)));
    let places: Vec<String> = (2..=values.len()).map(|place| format!("${place}")).collect();
    let sql = format!("SELECT sku FROM supply WHERE customer_id = $1 AND sku IN ({})", places.join(", "));
    let rows = work.query_all(&sql, values).await?;
    rows.iter().map(|row| Ok(row.try_get("", "sku")?)).collect()
}

/// Supplies whose time has come, those first that wait longest.
pub(crate) async fn due(db: &Db, now: DateTime<Utc>, most: u32) -> Result<Vec<(CustomerId, String)>> {
    let sql = "SELECT customer_id, sku FROM supply WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
    let values = vec![now.into(), i64::from(most).into()];
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await?;
    let read =
        |row: &QueryResult| Ok((row.try_get::<Uuid>("", "customer_id")?.into(), row.try_get("", "sku")?));
    rows.iter().map(read).collect()
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
