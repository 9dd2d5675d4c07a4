//! Profiles: one row for each customer, and the facts that it is derived from.
//!
//! Whatever arrives is first kept as a fact of its own, then the columns that it bears on are counted anew
//! from the facts. So the row is the same for every order of arrival.

pub(crate) mod facts;
pub(crate) mod keep;
pub(crate) mod shown;

use kit::{
    Result, Work,
    rows::{Rows, among},
};
use schema::ids::CustomerId;
use sea_orm::Value;

/// Opens the profiles of these customers that are not open yet.
pub(crate) async fn open(work: &Work, customers: &[CustomerId]) -> Result<()> {
    let mut rows = Rows::into(
        "profile",
        [
            "customer_id",
            "purchases",
            "contacts",
            "open_cases",
            "complaints",
            "cases_resolved",
            "consent_revision",
        ],
    );
    for customer in customers {
        let none = || -> Value { 0_i64.into() };
        rows.push([customer.uuid().into(), none(), none(), none(), none(), none(), none()]);
    }
    work.insert(rows, "ON CONFLICT (customer_id) DO NOTHING").await
}

/// Counts what these customers bought.
pub(crate) async fn recount_purchases(work: &Work, customers: &[CustomerId]) -> Result<()> {
    recount(
        work,
        customers,
        "INSERT INTO profile_turnover (customer_id, currency, purchases, amount_minor) \
         SELECT customer_id, currency, CAST(sum(purchases) AS bigint), CAST(sum(amount_minor) AS bigint) \
         FROM dealing WHERE {theirs} GROUP BY customer_id, currency \
         ON CONFLICT (customer_id, currency) DO UPDATE SET purchases = excluded.purchases, \
         amount_minor = excluded.amount_minor",
    )
    .await?;
    recount(
        work,
        customers,
        "UPDATE profile SET purchases = seen.purchases, first_purchase_day = seen.first_day, \
             last_purchase_day = seen.last_day, main_currency = seen.currency \
         FROM (SELECT d.customer_id, CAST(sum(d.purchases) AS bigint) AS purchases, \
                   min(CASE WHEN d.purchases = 1 THEN d.day END) AS first_day, \
                   max(CASE WHEN d.purchases = 1 THEN d.day END) AS last_day, \
                   (SELECT t.currency FROM profile_turnover t WHERE t.customer_id = d.customer_id \
                    ORDER BY t.purchases DESC, t.currency LIMIT 1) AS currency \
               FROM dealing d WHERE {theirs} GROUP BY d.customer_id) seen \
         WHERE profile.customer_id = seen.customer_id",
    )
    .await
}

/// Counts these customers' contacts.
pub(crate) async fn recount_contacts(work: &Work, customers: &[CustomerId]) -> Result<()> {
    recount(
        work,
        customers,
        "UPDATE profile SET contacts = seen.contacts, first_contact_at = seen.first_at, \
             last_contact_at = seen.last_at \
         FROM (SELECT customer_id, count(*) AS contacts, min(occurred_at) AS first_at, \
                   max(occurred_at) AS last_at \
               FROM profile_contact WHERE {theirs} GROUP BY customer_id) seen \
         WHERE profile.customer_id = seen.customer_id",
    )
    .await
}

/// Counts these customers' cases.
pub(crate) async fn recount_cases(work: &Work, customers: &[CustomerId]) -> Result<()> {
    recount(
        work,
        customers,
        "UPDATE profile SET open_cases = seen.open_cases, complaints = seen.complaints, \
             cases_resolved = seen.resolved \
         FROM (SELECT customer_id, \
                   CAST(sum(CASE WHEN state IN ('open', 'offered') THEN 1 ELSE 0 END) AS bigint) AS open_cases, \
                   CAST(sum(complaint) AS bigint) AS complaints, \
                   CAST(sum(CASE WHEN state IN ('resolved', 'closed') THEN 1 ELSE 0 END) AS bigint) AS resolved \
               FROM profile_case WHERE {theirs} GROUP BY customer_id) seen \
         WHERE profile.customer_id = seen.customer_id",
    )
    .await
}

/// Runs a statement in which `{theirs}` is true of the rows of these customers.
async fn recount(work: &Work, customers: &[CustomerId], sql: &str) -> Result<()> {
    let mut values = Vec::new();
    let ids = customers.iter().map(|id| id.uuid());
    let theirs = among(work.backend(), "customer_id", ids, &mut values);
    work.execute(&sql.replace("{theirs}", &theirs), values).await?;
    Ok(())
}
