//! What the ledger follows from: purchases with what they earn, and their returns. Written once.

use std::collections::{BTreeMap, BTreeSet};

use kit::{Error, Result, Work, rows::Rows};
use schema::ids::{CustomerId, PurchaseId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::domain::reckoning::Fact;

/// Adds facts.
pub(crate) async fn add(work: &Work, facts: &[(CustomerId, Fact)]) -> Result<()> {
    let mut rows = Rows::into(
        "points_fact",
        [
            "customer_id",
            "id",
            "purchase_id",
            "entry_id",
            "returned",
            "occurred_at",
            "version",
            "rate_millionths",
            "rules",
            "total_minor",
            "earns_millionths",
            "before_minor",
            "amount_minor",
        ],
    );
    for (customer, fact) in facts {
        let rules = serde_json::to_string(&fact.rules).map_err(|error| Error::malformed("rules", error))?;
        rows.push([
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
        ]);
    }
    work.insert(rows, "").await
}

/// All facts of each of these customers.
pub(crate) async fn of(work: &Work, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, Vec<Fact>>> {
    super::of_each(work, customers, "SELECT * FROM points_fact WHERE", fact_of).await
}

/// The facts of those of these purchases that are kept.
pub(crate) async fn purchases(
    work: &Work,
    asked: &BTreeSet<(CustomerId, PurchaseId)>,
) -> Result<BTreeMap<(CustomerId, PurchaseId), Fact>> {
    let mut rows = Rows::named("asked", ["customer_id", "id"]);
    for (customer, purchase) in asked {
        rows.push([customer.uuid().into(), purchase.uuid().into()]);
    }
    let sql = |asked: &str| {
        format!(
            "SELECT f.* FROM {asked} JOIN points_fact f ON f.customer_id = asked.customer_id AND f.id = asked.id"
        )
    };
    let found = work.query_over(rows, sql).await?;
    let keyed = |row: &QueryResult| {
        let (customer, fact) = (row.try_get::<Uuid>("", "customer_id")?.into(), fact_of(row)?);
        Ok(((customer, fact.purchase), fact))
    };
    found.iter().map(keyed).collect()
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
