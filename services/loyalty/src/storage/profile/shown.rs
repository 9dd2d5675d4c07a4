//! Profiles as they are shown, and members of segments as they are listed and exported: a few statements for
//! a whole batch.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use kit::{
    Db, Error, Result,
    db::{from_word, statement},
    rows::among,
};
use schema::{
    access::Scope,
    api::{
        customer::{AttributeType, AttributeValue},
        loyalty::{
            CustomerProfile, LastScore, ProfileAttribute, ProfileConsent, ProfileFigures, SegmentMember,
            StoredRfm, Turnover,
        },
        survey::Instrument,
    },
    ids::CustomerId,
    value::{Currency, Milli, Minor, Points},
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

/// The profiles of those of `ids` that are known here and in scope, in the order of their ids.
pub(crate) async fn profiles(db: &Db, ids: &[CustomerId], scope: &Scope) -> Result<Vec<CustomerProfile>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let listed = among(db.backend(), "p.customer_id", uuids(ids), &mut values);
    let in_scope = reference::scope::of_customer(scope, "p.customer_id", &mut values);
    let sql = format!(
        "SELECT p.*, r.kind, r.status, r.home_unit_id, a.tier, a.balance, \
             COALESCE(v.revision, 0) AS revision \
         FROM profile p JOIN customer_ref r ON r.customer_id = p.customer_id \
         JOIN points_account a ON a.customer_id = p.customer_id \
         LEFT JOIN revision v ON v.subject_id = p.customer_id \
         WHERE {listed} AND {in_scope} ORDER BY p.customer_id"
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let found: Result<Vec<CustomerId>, sea_orm::DbErr> = rows.iter().map(whose).collect();
    let found = found?;
    let mut turnover = turnover(db, &found).await?;
    let mut consents = consents(db, &found).await?;
    let mut attributes = attributes(db, &found, None).await?;
    rows.iter()
        .zip(found)
        .map(|(row, customer_id)| {
            let mut figures = figures(row)?;
            figures.turnover = turnover.remove(&customer_id).unwrap_or_default();
            figures.consents = consents.remove(&customer_id).unwrap_or_default();
            Ok(CustomerProfile {
                customer_id,
                kind: from_word(row.try_get("", "kind")?)?,
                status: from_word(row.try_get("", "status")?)?,
                home_unit_id: row.try_get::<Uuid>("", "home_unit_id")?.into(),
                tier: Some(from_word(row.try_get("", "tier")?)?),
                points: Some(Points::new(row.try_get("", "balance")?)),
                figures: Some(figures),
                attributes: attributes.remove(&customer_id).unwrap_or_default(),
                revision: row.try_get("", "revision")?,
            })
        })
        .collect()
}

/// A member as it is listed, of a row of the base with the money of the main currency; without attributes.
pub(crate) fn member(row: &QueryResult) -> Result<SegmentMember> {
    Ok(SegmentMember {
        customer_id: whose(row)?,
        kind: from_word(row.try_get("", "kind")?)?,
        status: from_word(row.try_get("", "status")?)?,
        home_unit_id: row.try_get::<Uuid>("", "home_unit_id")?.into(),
        tier: Some(from_word(row.try_get("", "tier")?)?),
        points: Some(Points::new(row.try_get("", "balance")?)),
        first_purchase: row.try_get::<Option<i64>>("", "first_purchase_day")?.and_then(date),
        last_purchase: row.try_get::<Option<i64>>("", "last_purchase_day")?.and_then(date),
        purchases: Some(row.try_get("", "purchases")?),
        main_currency: row.try_get("", "main_currency")?,
        turnover_minor: row.try_get::<Option<i64>>("", "turnover")?.map(Minor::new),
        rfm_recency: small(row, "rfm_recency")?,
        rfm_frequency: small(row, "rfm_frequency")?,
        rfm_money: small(row, "rfm_money")?,
        contacts: Some(row.try_get("", "contacts")?),
        open_cases: Some(row.try_get("", "open_cases")?),
        complaints: Some(row.try_get("", "complaints")?),
        nps: small(row, "nps_score")?,
        csat: small(row, "csat_score")?,
        ces: small(row, "ces_score")?,
        attributes: Vec::new(),
    })
}

/// The attributes of several customers, by code: all, or only those named.
pub(crate) async fn attributes(
    db: &Db,
    ids: &[CustomerId],
    only: Option<&BTreeSet<String>>,
) -> Result<BTreeMap<CustomerId, Vec<ProfileAttribute>>> {
    let mut found: BTreeMap<CustomerId, Vec<ProfileAttribute>> = BTreeMap::new();
    if ids.is_empty() || only.is_some_and(BTreeSet::is_empty) {
        return Ok(found);
    }
    let mut values = Vec::new();
    let listed = among(db.backend(), "t.customer_id", uuids(ids), &mut values);
    let mut sql = format!(
        "SELECT t.customer_id, t.attribute, t.number, t.code, k.value_type FROM profile_attribute t \
         JOIN attribute_known k ON k.attribute = t.attribute \
         WHERE {listed} AND (t.number IS NOT NULL OR t.code IS NOT NULL)"
    );
    if let Some(only) = only {
        let first = values.len() + 1;
        values.extend(only.iter().map(|code| Value::from(code.as_str())));
        let places: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
        sql.push_str(&format!(" AND t.attribute IN ({})", places.join(", ")));
    }
    sql.push_str(" ORDER BY t.customer_id, t.attribute");
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        let value = value_of(
            from_word(row.try_get("", "value_type")?)?,
            row.try_get("", "number")?,
            row.try_get("", "code")?,
        );
        let attribute = ProfileAttribute { attribute: row.try_get("", "attribute")?, value: Some(value) };
        found.entry(whose(&row)?).or_default().push(attribute);
    }
    Ok(found)
}

/// A value in the field of its type.
fn value_of(kind: AttributeType, number: Option<i64>, code: Option<String>) -> AttributeValue {
    let nothing = AttributeValue::default();
    match kind {
        AttributeType::Integer => {
            AttributeValue { integer: number.and_then(|number| i32::try_from(number).ok()), ..nothing }
        }
        AttributeType::Decimal => AttributeValue { decimal_milli: number.map(Milli::new), ..nothing },
        AttributeType::Boolean => AttributeValue { boolean: number.map(|number| number != 0), ..nothing },
        AttributeType::Date => AttributeValue { date: number.and_then(date), ..nothing },
        AttributeType::Code | AttributeType::Text => AttributeValue { code, ..nothing },
    }
}

fn figures(row: &QueryResult) -> Result<ProfileFigures> {
    let scores = [
        (Instrument::Nps, "nps_score", "nps_at"),
        (Instrument::Csat, "csat_score", "csat_at"),
        (Instrument::Ces, "ces_score", "ces_at"),
    ];
    let mut last = Vec::new();
    for (instrument, score, at) in scores {
        let answered_at: Option<DateTime<Utc>> = row.try_get("", at)?;
        if let (Some(score), Some(answered_at)) = (small(row, score)?, answered_at) {
            last.push(LastScore { instrument, score, answered_at });
        }
    }
    let main: Option<String> = row.try_get("", "main_currency")?;
    let recovered: Option<i64> = row.try_get("", "recovered")?;
    Ok(ProfileFigures {
        first_purchase: row.try_get::<Option<i64>>("", "first_purchase_day")?.and_then(date),
        last_purchase: row.try_get::<Option<i64>>("", "last_purchase_day")?.and_then(date),
        purchases: row.try_get("", "purchases")?,
        main_currency: main.map(currency).transpose()?,
        turnover: Vec::new(),
        rfm: rfm(row)?,
        contacts: row.try_get("", "contacts")?,
        first_contact_at: row.try_get("", "first_contact_at")?,
        last_contact_at: row.try_get("", "last_contact_at")?,
        open_cases: row.try_get("", "open_cases")?,
        complaints: row.try_get("", "complaints")?,
        cases_resolved: row.try_get("", "cases_resolved")?,
        scores: last,
        recovered: recovered.map(|recovered| recovered != 0),
        consents: Vec::new(),
    })
}

fn rfm(row: &QueryResult) -> Result<Option<StoredRfm>> {
    let day: Option<i64> = row.try_get("", "rfm_day")?;
    let code: Option<String> = row.try_get("", "rfm_currency")?;
    let scores = [small(row, "rfm_recency")?, small(row, "rfm_frequency")?, small(row, "rfm_money")?];
    let (Some(as_of), Some(code), [Some(recency), Some(frequency), Some(money)]) =
        (day.and_then(date), code, scores)
    else {
        return Ok(None);
    };
    Ok(Some(StoredRfm { as_of, currency: currency(code)?, recency, frequency, money }))
}

async fn turnover(db: &Db, ids: &[CustomerId]) -> Result<BTreeMap<CustomerId, Vec<Turnover>>> {
    let mut found: BTreeMap<CustomerId, Vec<Turnover>> = BTreeMap::new();
    let select = "SELECT customer_id, currency, purchases, amount_minor FROM profile_turnover";
    for row in of_customers(db, select, ids, "currency").await? {
        let line = Turnover {
            currency: currency(row.try_get("", "currency")?)?,
            purchases: row.try_get("", "purchases")?,
            amount_minor: Minor::new(row.try_get("", "amount_minor")?),
        };
        found.entry(whose(&row)?).or_default().push(line);
    }
    Ok(found)
}

async fn consents(db: &Db, ids: &[CustomerId]) -> Result<BTreeMap<CustomerId, Vec<ProfileConsent>>> {
    let mut found: BTreeMap<CustomerId, Vec<ProfileConsent>> = BTreeMap::new();
    let select = "SELECT customer_id, purpose, channel, status, expires_at FROM profile_consent";
    for row in of_customers(db, select, ids, "purpose, channel").await? {
        let line = ProfileConsent {
            purpose: from_word(row.try_get("", "purpose")?)?,
            channel: from_word(row.try_get("", "channel")?)?,
            status: from_word(row.try_get("", "status")?)?,
            expires_at: row.try_get("", "expires_at")?,
        };
        found.entry(whose(&row)?).or_default().push(line);
    }
    Ok(found)
}

async fn of_customers(db: &Db, select: &str, ids: &[CustomerId], order: &str) -> Result<Vec<QueryResult>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let listed = among(db.backend(), "customer_id", uuids(ids), &mut values);
    let sql = format!("{select} WHERE {listed} ORDER BY customer_id, {order}");
    Ok(db.read().query_all_raw(statement(db.read(), &sql, values)).await?)
}

fn uuids(ids: &[CustomerId]) -> impl Iterator<Item = Uuid> {
    ids.iter().map(|id| id.uuid())
}

fn whose(row: &QueryResult) -> Result<CustomerId, sea_orm::DbErr> {
    Ok(row.try_get::<Uuid>("", "customer_id")?.into())
}

fn small(row: &QueryResult, column: &str) -> Result<Option<i32>> {
    let number: Option<i64> = row.try_get("", column)?;
    let small = number.map(i32::try_from).transpose();
    small.map_err(|error| Error::malformed("a score", error))
}

fn currency(code: String) -> Result<Currency> {
    Currency::try_from(code).map_err(|error| Error::malformed("a currency", error))
}

/// The day that a number stands for; none outside of what a calendar holds.
fn date(day: i64) -> Option<NaiveDate> {
    let epoch = NaiveDate::default();
    match u64::try_from(day) {
        Ok(after) => epoch.checked_add_days(Days::new(after)),
        Err(_) => epoch.checked_sub_days(Days::new(day.unsigned_abs())),
    }
}
