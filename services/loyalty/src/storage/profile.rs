//! Profiles: one row for each customer, and the facts that it is derived from.
//!
//! Whatever arrives is first kept as a fact of its own, then the columns that it bears on are counted anew
//! from the facts. So the row is the same for every order of arrival.

pub(crate) mod facts;
pub(crate) mod keep;
pub(crate) mod shown;

use kit::{Result, Work};
use schema::{ids::CustomerId, value::Currency};

/// Opens the profile unless it is open.
pub(crate) async fn open(work: &Work, customer: CustomerId) -> Result<()> {
    work.execute(
        "INSERT INTO profile (customer_id, purchases, contacts, open_cases, complaints, cases_resolved, \
         consent_revision) VALUES ($1, 0, 0, 0, 0, 0, 0) ON CONFLICT (customer_id) DO NOTHING",
        vec![customer.uuid().into()],
    )
    .await?;
    Ok(())
}

/// Counts what the customer bought, of which something in this currency is new.
pub(crate) async fn recount_purchases(work: &Work, customer: CustomerId, currency: &Currency) -> Result<()> {
    let id = || customer.uuid().into();
    work.execute(
        "INSERT INTO profile_turnover (customer_id, currency, purchases, amount_minor) \
         SELECT customer_id, currency, CAST(sum(purchases) AS bigint), CAST(sum(amount_minor) AS bigint) \
         FROM dealing WHERE customer_id = $1 AND currency = $2 GROUP BY customer_id, currency \
         ON CONFLICT (customer_id, currency) DO UPDATE SET purchases = excluded.purchases, \
         amount_minor = excluded.amount_minor",
        vec![id(), currency.as_str().into()],
    )
    .await?;
    work.execute(
        "UPDATE profile SET purchases = seen.purchases, first_purchase_day = seen.first_day, \
             last_purchase_day = seen.last_day, main_currency = seen.currency \
         FROM (SELECT CAST(COALESCE(sum(purchases), 0) AS bigint) AS purchases, \
                   min(CASE WHEN purchases = 1 THEN day END) AS first_day, \
                   max(CASE WHEN purchases = 1 THEN day END) AS last_day, \
                   (SELECT t.currency FROM profile_turnover t WHERE t.customer_id = $1 \
                    ORDER BY t.purchases DESC, t.currency LIMIT 1) AS currency \
               FROM dealing WHERE customer_id = $1) seen \
         WHERE profile.customer_id = $1",
        vec![id()],
    )
    .await?;
    Ok(())
}

/// Counts the customer's contacts.
pub(crate) async fn recount_contacts(work: &Work, customer: CustomerId) -> Result<()> {
    work.execute(
        "UPDATE profile SET contacts = seen.contacts, first_contact_at = seen.first_at, \
             last_contact_at = seen.last_at \
         FROM (SELECT count(*) AS contacts, min(occurred_at) AS first_at, max(occurred_at) AS last_at \
               FROM profile_contact WHERE customer_id = $1) seen \
         WHERE profile.customer_id = $1",
        vec![customer.uuid().into()],
    )
    .await?;
    Ok(())
}

/// Counts the customer's cases.
pub(crate) async fn recount_cases(work: &Work, customer: CustomerId) -> Result<()> {
    work.execute(
        "UPDATE profile SET open_cases = seen.open_cases, complaints = seen.complaints, \
             cases_resolved = seen.resolved \
         FROM (SELECT CAST(COALESCE(sum(CASE WHEN state IN ('open', 'offered') THEN 1 ELSE 0 END), 0) AS bigint) \
                       AS open_cases, \
                   CAST(COALESCE(sum(complaint), 0) AS bigint) AS complaints, \
                   CAST(COALESCE(sum(CASE WHEN state IN ('resolved', 'closed') THEN 1 ELSE 0 END), 0) AS bigint) \
                       AS resolved \
               FROM profile_case WHERE customer_id = $1) seen \
         WHERE profile.customer_id = $1",
        vec![customer.uuid().into()],
    )
    .await?;
    Ok(())
}
