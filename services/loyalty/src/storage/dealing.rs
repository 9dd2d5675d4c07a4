//! What customers paid and got back: a row for each purchase and each return, added in whatever order they
//! come and never changed.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{Result, Work, rows::Rows};
use schema::{
    event::interaction::{PurchaseRecorded, PurchaseReturned},
    ids::CustomerId,
    value::Currency,
};
use uuid::Uuid;

use crate::domain::month::Month;

/// What a customer paid, or got back.
pub(crate) struct Dealing<'a> {
    customer: CustomerId,
    id: Uuid,
    purchases: i64,
    at: DateTime<Utc>,
    currency: &'a Currency,
    amount: i64,
}

impl<'a> Dealing<'a> {
    /// A purchase.
    pub(crate) fn bought(purchase: &'a PurchaseRecorded) -> Self {
        let PurchaseRecorded { customer_id, purchase_id, occurred_at, currency, total_minor, .. } = purchase;
        Self {
            customer: *customer_id,
            id: (*purchase_id).into(),
            purchases: 1,
            at: *occurred_at,
            currency,
            amount: total_minor.get(),
        }
    }

    /// A return, on the day on which it came back.
    pub(crate) fn returned(returned: &'a PurchaseReturned) -> Self {
        let PurchaseReturned { customer_id, return_id, occurred_at, currency, total_minor, .. } = returned;
        Self {
            customer: *customer_id,
            id: (*return_id).into(),
            purchases: 0,
            at: *occurred_at,
            currency,
            amount: total_minor.get().saturating_neg(),
        }
    }
}

/// Keeps what was paid and given back.
pub(crate) async fn add(work: &Work, dealings: impl Iterator<Item = Dealing<'_>>) -> Result<()> {
    let columns = ["customer_id", "id", "purchases", "day", "month", "currency", "amount_minor"];
    let mut rows = Rows::into("dealing", columns);
    for one in dealings {
        rows.push([
            one.customer.uuid().into(),
            one.id.into(),
            one.purchases.into(),
            day(one.at.date_naive()).into(),
            Month::of(one.at).number().into(),
            one.currency.as_str().into(),
            one.amount.into(),
        ]);
    }
    work.insert(rows, "").await
}

/// A day as a number: days since 1970-01-01.
pub(crate) fn day(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}
