//! What the ledger follows from: purchases with what they earn, and their returns. Written once.

use kit::{Error, Result, Work};
use schema::ids::{CustomerId, PurchaseId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::domain::reckoning::Fact;

const COLUMNS: &str = "id, purchase_id, entry_id, returned, occurred_at, version, rate_millionths, rules, \
                       total_minor, earns_millionths, before_minor, amount_minor";

/// Adds a fact.
pub(crate) async fn add(work: &Work, customer: CustomerId, fact: &Fact) -> Result<()> {
    let rules = serde_json::to_string(&fact.rules).map_err(|error| Error::malformed("rules", error))?;
    work.execute(
        &format!(
            "INSERT INTO points_fact (customer_id, {COLUMNS}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ),
        vec![
            customer.uuid().into(),
            fact.id.into(),
            fact.purchase.uuid().into(),
            fact.entry.uuid().into(),
            i64::from(fact.returned).into(),
            fact.at.into(),
            i64::from(fact.version).into(),
            fact.rate.into(),
            rules.into(),
            fact.total.into(),
            fact.millionths.into(),
            fact.before.into(),
            fact.amount.into(),
        ],
    )
    .await?;
    Ok(())
}

/// All facts of a customer.
pub(crate) async fn of(work: &Work, customer: CustomerId) -> Result<Vec<Fact>> {
    let sql = format!("SELECT {COLUMNS} FROM points_fact WHERE customer_id = $1");
    work.query_all(&sql, vec![customer.uuid().into()]).await?.iter().map(fact_of).collect()
}

/// The fact of a purchase, if it is kept.
pub(crate) async fn purchase(work: &Work, customer: CustomerId, id: PurchaseId) -> Result<Option<Fact>> {
    let sql = format!("SELECT {COLUMNS} FROM points_fact WHERE customer_id = $1 AND id = $2");
    let row = work.query_one(&sql, vec![customer.uuid().into(), id.uuid().into()]).await?;
    row.as_ref().map(fact_of).transpose()
}

fn fact_of(row: &QueryResult) -> Result<Fact> {
    let id = |column| row.try_get::<Uuid>("", column);
    let number = |column| row.try_get::<i64>("", column);
    let rules: String = row.try_get("", "rules")?;
    Ok(Fact {
        id: id("id")?,
        purchase: id("purchase_id")?.into(),
        entry: id("entry_id")?.into(),
        returned: number("returned")? != 0,
        at: row.try_get("", "occurred_at")?,
        version: i32::try_from(number("version")?)
            .map_err(|_| Error::Fault("a version's number is too large".into()))?,
        rate: number("rate_millionths")?,
        rules: serde_json::from_str(&rules).map_err(|error| Error::malformed("rules", error))?,
        total: number("total_minor")?,
        millionths: number("earns_millionths")?,
        before: number("before_minor")?,
        amount: number("amount_minor")?,
    })
}
