//! What customers paid and got back: a row for each purchase and each return, added in whatever order they
//! come and never changed.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{Result, Work};
use schema::{
    event::interaction::{PurchaseRecorded, PurchaseReturned},
    ids::CustomerId,
    value::Currency,
};
use uuid::Uuid;

use crate::domain::month::Month;

/// Keeps a purchase.
pub(crate) async fn bought(work: &Work, purchase: &PurchaseRecorded) -> Result<()> {
    let PurchaseRecorded { customer_id, purchase_id, occurred_at, currency, total_minor, .. } = purchase;
    add(work, *customer_id, (*purchase_id).into(), *occurred_at, currency, 1, total_minor.get()).await
}

/// Keeps a return, on the day on which it came back.
pub(crate) async fn returned(work: &Work, returned: &PurchaseReturned) -> Result<()> {
    let PurchaseReturned { customer_id, return_id, occurred_at, currency, total_minor, .. } = returned;
    let amount = total_minor.get().saturating_neg();
    add(work, *customer_id, (*return_id).into(), *occurred_at, currency, 0, amount).await
}

async fn add(
    work: &Work,
    customer: CustomerId,
    id: Uuid,
    at: DateTime<Utc>,
    currency: &Currency,
    purchases: i64,
    amount: i64,
) -> Result<()> {
    work.execute(
        "INSERT INTO dealing (customer_id, id, purchases, day, month, currency, amount_minor) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            customer.uuid().into(),
            id.into(),
            purchases.into(),
            day(at.date_naive()).into(),
            Month::of(at).number().into(),
            currency.as_str().into(),
            amount.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A day as a number: days since 1970-01-01.
pub(crate) fn day(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}
