//! The customer base by month: who traded, who is new, how many ever traded, and who stays.
//!
//! Two counts that must not be mixed: customers who traded in a month, and customers who ever traded.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ANALYSTS;
use crate::{api::endpoints, classified};

endpoints! {
    /// New, trading and cumulative customers in scope for each month.
    GetCustomerBase = Read Get "/customer-base" 200 for ANALYSTS => { query: MonthsQuery, reply: CustomerBase }
    /// For the customers of each first month: how many of them bought again in each month since.
    GetCohorts = Read Get "/customer-cohorts" 200 for ANALYSTS => { query: MonthsQuery, reply: Cohorts }
}

/// Which months (UTC), at most 60.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct MonthsQuery {
    /// The first month, for example `2026-01`.
    pub from: String,
    /// The last month, for example `2026-12`.
    pub to: String,
}

/// The customer base by month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct CustomerBase {
    /// Every month of the range, in order.
    pub months: Vec<MonthOfBase>,
}

classified! { CustomerBase { months: nested } }

/// The customer base in one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct MonthOfBase {
    /// The month.
    pub month: String,
    /// Customers whose first purchase ever was in it.
    pub new: Option<i64>,
    /// Customers who bought in it.
    pub active: Option<i64>,
    /// Customers who ever bought, up to its end.
    pub cumulative: Option<i64>,
}

classified! { MonthOfBase { month: plain, new: value, active: value, cumulative: value } }

/// Cohorts: customers by the month of their first purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Cohorts {
    /// One for every month of the range, in order.
    pub cohorts: Vec<Cohort>,
}

classified! { Cohorts { cohorts: nested } }

/// The customers whose first purchase was in one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Cohort {
    /// The month of the first purchase.
    pub month: String,
    /// How many of them bought in that month, in the next, and so on to the end of the range. The first
    /// number is the size of the cohort.
    pub active: Vec<CohortMonth>,
}

classified! { Cohort { month: plain, active: nested } }

/// How many of a cohort bought in one month.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct CohortMonth {
    /// Months since the first purchase.
    pub since: i32,
    /// How many bought.
    pub customers: Option<i64>,
}

classified! { CohortMonth { since: plain, customers: value } }
