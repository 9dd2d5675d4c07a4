//! What is known of several customers, as plans ask for it: a statement for each kind of thing that is
//! needed, however many customers.

use std::collections::{BTreeMap, BTreeSet};

use kit::{
    Result,
    db::{from_word, statement},
    rows::among,
};
use schema::{ids::CustomerId, value::Currency};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use crate::domain::segment::{Facts, Held, Needs};

/// What is known of those of `customers` that are known here, as far as it is needed.
pub(crate) async fn load(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
    needs: Needs,
) -> Result<BTreeMap<CustomerId, Facts>> {
    if customers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut found = rows_of(connection, customers).await?;
    if needs.attributes {
        attributes(connection, customers, &mut found).await?;
    }
    if needs.turnover {
        turnover(connection, customers, &mut found).await?;
    }
    if needs.consents {
        consents(connection, customers, &mut found).await?;
    }
    if needs.lists {
        lists(connection, customers, &mut found).await?;
    }
    if let Some(first) = needs.days_from {
        days(connection, customers, first, &mut found).await?;
    }
    Ok(found)
}

/// Runs a statement over the customers, in which `{ids}` says that what stands before it is one of them; further
/// values come after.
async fn query(
    connection: &impl ConnectionTrait,
    sql: &str,
    customers: &[CustomerId],
    further: Vec<Value>,
) -> Result<Vec<QueryResult>> {
    let mut values: Vec<Value> = Vec::new();
    let ids = customers.iter().map(|id| id.uuid());
    let one_of = among(connection.get_database_backend(), "", ids, &mut values);
    let next = values.len() + 1;
    values.extend(further);
    let sql = sql.replace("{ids}", &one_of).replace("{next}", &format!("${next}"));
    Ok(connection.query_all_raw(statement(connection, &sql, values)).await?)
}

fn whose(row: &QueryResult) -> Result<CustomerId> {
    Ok(row.try_get::<Uuid>("", "customer_id")?.into())
}

async fn rows_of(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, Facts>> {
    let sql = "SELECT p.*, r.kind, r.status, a.tier, h.path FROM profile p \
               JOIN customer_ref r ON r.customer_id = p.customer_id \
               JOIN points_account a ON a.customer_id = p.customer_id \
               LEFT JOIN org_unit h ON h.id = r.home_unit_id WHERE p.customer_id{ids}";
    query(connection, sql, customers, Vec::new())
        .await?
        .iter()
        .map(|row| {
            let facts = Facts {
                kind: from_word(row.try_get("", "kind")?)?,
                status: from_word(row.try_get("", "status")?)?,
                home_path: row.try_get("", "path")?,
                tier: from_word(row.try_get("", "tier")?)?,
                last_purchase: row.try_get("", "last_purchase_day")?,
                purchases: row.try_get("", "purchases")?,
                turnover: BTreeMap::new(),
                rfm: [
                    row.try_get("", "rfm_recency")?,
                    row.try_get("", "rfm_frequency")?,
                    row.try_get("", "rfm_money")?,
                ],
                scores: [
                    row.try_get("", "nps_score")?,
                    row.try_get("", "csat_score")?,
                    row.try_get("", "ces_score")?,
                ],
                attributes: BTreeMap::new(),
                consents: BTreeMap::new(),
                lists: BTreeSet::new(),
                days: Default::default(),
            };
            Ok((whose(row)?, facts))
        })
        .collect()
}

async fn attributes(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
    found: &mut BTreeMap<CustomerId, Facts>,
) -> Result<()> {
    let sql = "SELECT customer_id, attribute, number, code FROM profile_attribute WHERE customer_id{ids}";
    for row in query(connection, sql, customers, Vec::new()).await? {
        let held = match (row.try_get("", "number")?, row.try_get("", "code")?) {
            (Some(number), _) => Held::Number(number),
            (None, Some(code)) => Held::Code(code),
            // Taken back.
            (None, None) => continue,
        };
        if let Some(facts) = found.get_mut(&whose(&row)?) {
            facts.attributes.insert(row.try_get("", "attribute")?, held);
        }
    }
    Ok(())
}

async fn turnover(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
    found: &mut BTreeMap<CustomerId, Facts>,
) -> Result<()> {
    let sql = "SELECT customer_id, currency, amount_minor FROM profile_turnover WHERE customer_id{ids}";
    for row in query(connection, sql, customers, Vec::new()).await? {
        let currency = Currency::try_from(row.try_get::<String>("", "currency")?)
            .map_err(|error| kit::Error::malformed("a currency", error))?;
        if let Some(facts) = found.get_mut(&whose(&row)?) {
            facts.turnover.insert(currency, row.try_get("", "amount_minor")?);
        }
    }
    Ok(())
}

async fn consents(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
    found: &mut BTreeMap<CustomerId, Facts>,
) -> Result<()> {
    let sql = "SELECT customer_id, purpose, channel, status, expires_at FROM profile_consent \
               WHERE customer_id{ids}";
    for row in query(connection, sql, customers, Vec::new()).await? {
        let key = (from_word(row.try_get("", "purpose")?)?, from_word(row.try_get("", "channel")?)?);
        let said = (from_word(row.try_get("", "status")?)?, row.try_get("", "expires_at")?);
        if let Some(facts) = found.get_mut(&whose(&row)?) {
            facts.consents.insert(key, said);
        }
    }
    Ok(())
}

async fn lists(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
    found: &mut BTreeMap<CustomerId, Facts>,
) -> Result<()> {
    let sql = "SELECT customer_id, list_id FROM customer_list_member WHERE customer_id{ids}";
    for row in query(connection, sql, customers, Vec::new()).await? {
        if let Some(facts) = found.get_mut(&whose(&row)?) {
            facts.lists.insert(row.try_get::<Uuid>("", "list_id")?.into());
        }
    }
    Ok(())
}

/// What is counted in windows, summed by day.
async fn days(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
    first: i64,
    found: &mut BTreeMap<CustomerId, Facts>,
) -> Result<()> {
    let of = |what: i64, table: &str, condition: &str| {
        format!(
            "SELECT customer_id, {what} AS what, day, count(*) AS times FROM {table} \
             WHERE customer_id{{ids}} AND day >= {{next}}{condition} GROUP BY customer_id, day"
        )
    };
    let sql = [
        of(0, "dealing", " AND purchases = 1"),
        of(1, "profile_contact", ""),
        of(2, "profile_case", " AND complaint = 1"),
        of(3, "profile_answer", ""),
    ]
    .join(" UNION ALL ");
    for row in query(connection, &sql, customers, vec![first.into()]).await? {
        // A literal is int on PostgreSQL and a 64-bit integer on SQLite: both read as 32 bits.
        let what: i32 = row.try_get("", "what")?;
        let by_day = found
            .get_mut(&whose(&row)?)
            .and_then(|facts| usize::try_from(what).ok().and_then(|what| facts.days.get_mut(what)));
        if let Some(by_day) = by_day {
            by_day.insert(row.try_get("", "day")?, row.try_get("", "times")?);
        }
    }
    Ok(())
}
