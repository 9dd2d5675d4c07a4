//! The customer balance: how many customers were created, kept, lost and won back in each month (Levitt,
//! "The Marketing Imagination", 1983: the purpose of a business is to create and keep a customer).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ANALYSTS;
use crate::{api::endpoints, classified};

endpoints! {
    /// Opening, new, won back, lost and closing customers in scope for each month.
    GetCustomerBalance = Read Get "/customer-balance" 200 for ANALYSTS => {
        query: BalanceQuery, reply: CustomerBalance,
    }
}

/// Which months (UTC), at most 60, and when a customer counts as lost.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct BalanceQuery {
    /// The first month, for example `2026-01`.
    pub from: String,
    /// The last month, for example `2026-12`.
    pub to: String,
    /// A customer is lost in the month in which the last purchase is so many months ago: 1 to 60; 12 when
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapse_months: Option<u32>,
}

/// The customer balance by month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct CustomerBalance {
    /// After how many months without a purchase a customer is lost.
    pub lapse_months: u32,
    /// Every month of the range, in order; each opens with what the one before closed with.
    pub months: Vec<MonthOfBalance>,
}

classified! { CustomerBalance { lapse_months: plain, months: nested } }

/// The customer balance of one month: opening + new + won back − lost = closing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct MonthOfBalance {
    /// The month.
    pub month: String,
    /// Customers at its beginning.
    pub opening: Option<i64>,
    /// Customers whose first purchase was in it.
    pub new: Option<i64>,
    /// Customers who had been lost and bought again.
    pub won_back: Option<i64>,
    /// Customers whose last purchase is too long ago since this month.
    pub lost: Option<i64>,
    /// Customers at its end.
    pub closing: Option<i64>,
    /// The share of the opening customers who were not lost, in millionths; absent when there were none.
    pub retention_millionths: Option<i64>,
}

classified! { MonthOfBalance {
    month: plain, opening: value, new: value, won_back: value, lost: value, closing: value,
    retention_millionths: value,
} }
