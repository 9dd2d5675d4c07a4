//! Turnover by currency.

use std::collections::{BTreeMap, BTreeSet};

use kit::{Result, Work, db::statement, rows::Rows};
use schema::{api::interaction::Turnover, ids::CustomerId, value::Minor};
use sea_orm::{ConnectionTrait, FromQueryResult as _};

use super::entity::turnover::Model;

/// The turnover of each of these customers within a command, by currency; nothing for whoever bought nothing.
pub(crate) async fn of_these(
    work: &Work,
    customers: &BTreeSet<CustomerId>,
) -> Result<BTreeMap<CustomerId, Vec<Turnover>>> {
    if customers.is_empty() {
        return Ok(BTreeMap::new());
    }
    of_each(work.tx(), &customers.iter().copied().collect::<Vec<_>>()).await
}

/// The turnover of one customer within a command, by currency.
pub(crate) async fn of(work: &Work, customer: CustomerId) -> Result<Vec<Turnover>> {
    Ok(of_each(work.tx(), &[customer]).await?.remove(&customer).unwrap_or_default())
}

/// The turnover of each of these customers; nothing for whoever bought nothing.
pub(super) async fn of_each(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, Vec<Turnover>>> {
    let (theirs, values) = super::of_customers(connection, "customer_id", customers);
    let sql = format!("SELECT * FROM turnover WHERE {theirs} ORDER BY currency");
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    let mut found: BTreeMap<CustomerId, Vec<Turnover>> = BTreeMap::new();
    for row in &rows {
        let row = Model::from_query_result(row, "")?;
        found.entry(row.customer_id.into()).or_default().push(Turnover {
            currency: super::currency(row.currency)?,
            purchases: row.purchases,
            total_minor: Minor::new(row.total_minor),
            returned_minor: Minor::new(row.returned_minor),
        });
    }
    Ok(found)
}

/// Writes turnovers, each in one currency of one customer and each only once.
pub(crate) async fn put<'t>(
    work: &Work,
    turnovers: impl IntoIterator<Item = (CustomerId, &'t Turnover)>,
) -> Result<()> {
    let columns = ["customer_id", "currency", "purchases", "total_minor", "returned_minor"];
    let mut rows = Rows::into("turnover", columns);
    for (customer, turnover) in turnovers {
        rows.push([
            customer.uuid().into(),
            turnover.currency.as_str().into(),
            turnover.purchases.into(),
            turnover.total_minor.get().into(),
            turnover.returned_minor.get().into(),
        ]);
    }
    let replace = "ON CONFLICT (customer_id, currency) DO UPDATE SET purchases = excluded.purchases, \
                   total_minor = excluded.total_minor, returned_minor = excluded.returned_minor";
    work.insert(rows, replace).await
}
