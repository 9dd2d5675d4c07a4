//! Recency, frequency and money, scored among the customers in scope by one statement. What a score is stands
//! in `domain/rfm.rs`.

use chrono::NaiveDate;
use kit::{Db, Error, Result, Work, db::statement};
use schema::{
    access::Scope,
    api::loyalty::{Rfm, RfmDistribution, RfmScoreCount},
    ids::CustomerId,
    value::{Currency, Minor},
};
use sea_orm::{ConnectionTrait as _, Value};

use super::dealing::day;

/// The customers in scope who bought in the currency before the day, each with the three values and scores.
///
/// `count(*) OVER (ORDER BY v)` counts the rows up to and with all equals of the own one: n times the ECDF,
/// which `cume_dist()` gives as a fraction, but in integers, so that no rounding decides a score.
fn scored(scope: &Scope, currency: &Currency, as_of: NaiveDate, values: &mut Vec<Value>) -> String {
    values.push(currency.as_str().into());
    let of_currency = values.len();
    values.push(day(as_of).into());
    let before = values.len();
    let condition = reference::scope::of_customer(scope, "r.customer_id", values);
    format!(
        "WITH habit AS ( \
             SELECT d.customer_id, max(CASE WHEN d.purchases = 1 THEN d.day END) AS last_day, \
                 CAST(sum(d.purchases) AS bigint) AS frequency, CAST(sum(d.amount_minor) AS bigint) AS money \
             FROM dealing d JOIN customer_ref r ON r.customer_id = d.customer_id \
             WHERE d.currency = ${of_currency} AND d.day < ${before} AND {condition} \
             GROUP BY d.customer_id HAVING sum(d.purchases) > 0 \
         ), standing AS ( \
             SELECT habit.*, count(*) OVER () AS population, \
                 count(*) OVER (ORDER BY last_day) AS recency_at_most, \
                 count(*) OVER (ORDER BY frequency) AS frequency_at_most, \
                 count(*) OVER (ORDER BY money) AS money_at_most \
             FROM habit \
         ), scored AS ( \
             SELECT customer_id, last_day, frequency, money, population, \
                 (5 * recency_at_most + population - 1) / population AS r, \
                 (5 * frequency_at_most + population - 1) / population AS f, \
                 (5 * money_at_most + population - 1) / population AS m \
             FROM standing \
         ) "
    )
}

/// Scores every customer in their main currency, among all who bought in it before the day, and keeps the
/// scores in the profiles. How many have scores.
pub(crate) async fn keep(work: &Work, as_of: NaiveDate) -> Result<i64> {
    let sql = "SELECT DISTINCT main_currency FROM profile WHERE main_currency IS NOT NULL";
    for row in work.query_all(sql, vec![]).await? {
        let currency = Currency::try_from(row.try_get::<String>("", "main_currency")?)
            .map_err(|error| Error::malformed("a currency", error))?;
        let mut values = Vec::new();
        // The first value is the currency, the second one the day.
        let scored = scored(&Scope::Everything, &currency, as_of, &mut values);
        let sql = format!(
            "{scored} UPDATE profile SET rfm_recency = scored.r, rfm_frequency = scored.f, \
                 rfm_money = scored.m, rfm_currency = $1, rfm_day = $2 \
             FROM scored WHERE profile.customer_id = scored.customer_id AND profile.main_currency = $1"
        );
        work.execute(&sql, values).await?;
    }
    // Who is not scored any more: another main currency by now.
    work.execute(
        "UPDATE profile SET rfm_recency = NULL, rfm_frequency = NULL, rfm_money = NULL, rfm_currency = NULL, \
         rfm_day = NULL WHERE rfm_day <> $1 OR rfm_currency <> main_currency",
        vec![day(as_of).into()],
    )
    .await?;
    let row = work.query_one("SELECT count(*) FROM profile WHERE rfm_day IS NOT NULL", vec![]).await?;
    let customers: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    work.execute(
        "INSERT INTO rfm_scoring (day, scored_at, customers) VALUES ($1, $2, $3) \
         ON CONFLICT (day) DO UPDATE SET scored_at = excluded.scored_at, customers = excluded.customers",
        vec![day(as_of).into(), work.now().into(), customers.into()],
    )
    .await?;
    Ok(customers)
}

/// Whether scores of this day were kept.
pub(crate) async fn is_kept(db: &Db, as_of: NaiveDate) -> Result<bool> {
    let sql = "SELECT 1 FROM rfm_scoring WHERE day = $1";
    Ok(db.read().query_one_raw(statement(db.read(), sql, vec![day(as_of).into()])).await?.is_some())
}

/// A customer's values and scores; without scores when they bought nothing in the currency before the day.
pub(crate) async fn of_customer(
    db: &Db,
    customer: CustomerId,
    scope: &Scope,
    currency: &Currency,
    as_of: NaiveDate,
) -> Result<Rfm> {
    let mut values = Vec::new();
    let scored = scored(scope, currency, as_of, &mut values);
    values.push(customer.uuid().into());
    let sql = format!(
        "{scored} SELECT last_day, frequency, money, population, r, f, m FROM scored WHERE customer_id = ${}",
        values.len()
    );
    let unscored = Rfm {
        as_of,
        currency: currency.clone(),
        recency_days: None,
        frequency: None,
        money_minor: None,
        recency_score: None,
        frequency_score: None,
        money_score: None,
        population: None,
    };
    let Some(row) = db.read().query_one_raw(statement(db.read(), &sql, values)).await? else {
        return Ok(unscored);
    };
    let last_day: i64 = row.try_get("", "last_day")?;
    Ok(Rfm {
        recency_days: Some(day(as_of) - last_day),
        frequency: Some(row.try_get("", "frequency")?),
        money_minor: Some(Minor::new(row.try_get("", "money")?)),
        recency_score: Some(score(row.try_get("", "r")?)),
        frequency_score: Some(score(row.try_get("", "f")?)),
        money_score: Some(score(row.try_get("", "m")?)),
        population: Some(row.try_get("", "population")?),
        ..unscored
    })
}

/// How many customers have which scores; at most 125 rows are read.
pub(crate) async fn distribution(
    db: &Db,
    scope: &Scope,
    currency: &Currency,
    as_of: NaiveDate,
) -> Result<RfmDistribution> {
    let mut values = Vec::new();
    let scored = scored(scope, currency, as_of, &mut values);
    let sql = format!("{scored} SELECT r, f, m, count(*) AS customers FROM scored GROUP BY r, f, m");
    let mut counted = [[0_i64; 5]; 3];
    let (mut population, mut best) = (0, 0);
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        let customers: i64 = row.try_get("", "customers")?;
        population += customers;
        let mut is_best = true;
        for (counts, column) in counted.iter_mut().zip(["r", "f", "m"]) {
            let score = score(row.try_get("", column)?);
            is_best &= score == 5;
            for (count, of) in counts.iter_mut().zip(1..) {
                *count += if of == score { customers } else { 0 };
            }
        }
        best += if is_best { customers } else { 0 };
    }
    let lines = |counts: [i64; 5]| -> Vec<RfmScoreCount> {
        let line = |(score, customers)| RfmScoreCount { score, customers: Some(customers) };
        (1..).zip(counts).map(line).collect()
    };
    let [recency, frequency, money] = counted.map(lines);
    Ok(RfmDistribution {
        as_of,
        currency: currency.clone(),
        population: Some(population),
        recency,
        frequency,
        money,
        best: Some(best),
    })
}

/// A score as it is shown: 1 to 5 by construction.
fn score(value: i64) -> i32 {
    i32::try_from(value.clamp(1, 5)).unwrap_or(5)
}
