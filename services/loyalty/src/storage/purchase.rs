//! That a purchase arrived, and what it was worth: what its returns wait for.

use std::collections::{BTreeMap, BTreeSet};

use kit::{Result, Work, rows::Rows};
use schema::ids::{CustomerId, PurchaseId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::domain::reckoning::Fact;

/// Remembers purchases, and the rates at which they earn.
pub(crate) async fn remember(work: &Work, facts: &[(CustomerId, Fact)]) -> Result<()> {
    let columns = ["customer_id", "purchase_id", "total_minor", "rate_millionths"];
    let mut rows = Rows::into("purchase_ref", columns);
    for (customer, fact) in facts {
        rows.push([customer.uuid().into(), fact.purchase.uuid().into(), fact.total.into(), fact.rate.into()]);
    }
    work.insert(rows, "").await
}

/// Those of these purchases that have arrived, as far as their returns need them: one that arrived before facts were
/// kept earned by the built-in version.
pub(crate) async fn arrived(
    work: &Work,
    asked: &BTreeSet<(CustomerId, PurchaseId)>,
) -> Result<BTreeMap<(CustomerId, PurchaseId), Fact>> {
    let mut rows = Rows::named("asked", ["customer_id", "purchase_id"]);
    for (customer, purchase) in asked {
        rows.push([customer.uuid().into(), purchase.uuid().into()]);
    }
    let sql = |asked: &str| {
        format!(
            "SELECT p.* FROM {asked} JOIN purchase_ref p \
             ON p.customer_id = asked.customer_id AND p.purchase_id = asked.purchase_id"
        )
    };
    let mut found = BTreeMap::new();
    for row in work.query_over(rows, sql).await? {
        let (customer, fact) = (row.try_get::<Uuid>("", "customer_id")?.into(), fact_of(work, &row)?);
        found.insert((customer, fact.purchase), fact);
    }
    found.extend(super::fact::purchases(work, asked).await?);
    Ok(found)
}

fn fact_of(work: &Work, row: &QueryResult) -> Result<Fact> {
    let id: Uuid = row.try_get("", "purchase_id")?;
    let (total, rate): (i64, i64) = (row.try_get("", "total_minor")?, row.try_get("", "rate_millionths")?);
    let earns = i128::from(total.max(0)) * i128::from(rate);
    Ok(Fact {
        id,
        purchase: id.into(),
        entry: id.into(),
        returned: false,
        at: work.now(),
        version: 1,
        rate,
        rules: Vec::new(),
        total,
        millionths: i64::try_from(earns).unwrap_or(i64::MAX),
        before: 0,
        amount: total,
    })
}
