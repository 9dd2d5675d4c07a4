//! Recency, frequency and money: how lately, how often and for how much a customer bought, as a score of
//! 1 to 5 among the customers in the viewer's scope (Hughes, 1994; ties share a score).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ANALYSTS;
use crate::{
    access::READERS,
    api::{customer::CustomerPath, endpoints},
    classified,
    value::{Currency, Minor},
};

endpoints! {
    /// One customer's recency, frequency and money, each with its score among the customers in scope.
    GetRfm = Read Get "/customers/{customer_id}/rfm" 200 for READERS => {
        path: CustomerPath, query: RfmQuery, reply: Rfm,
    }
    /// How many customers in scope have which scores.
    GetRfmDistribution = Read Get "/rfm-distribution" 200 for ANALYSTS => {
        query: RfmQuery, reply: RfmDistribution,
    }
}

/// Scores of when and in which currency.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct RfmQuery {
    /// The currency. Amounts of several currencies cannot be compared, so only purchases in this one count,
    /// and only customers who made one are scored.
    #[param(value_type = String, pattern = "^[A-Z]{3}$")]
    pub currency: Currency,
    /// What happened before this day counts (UTC), the day itself does not. Tomorrow when absent, and never
    /// later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
}

/// How lately, how often and for how much a customer bought.
///
/// A score is ⌈5 × ECDF⌉: the ECDF is the share of customers whose value is no better, so equal values have
/// equal scores, and when all are equal everyone has 5. A customer without a purchase has no scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rfm {
    /// What happened before this day counts.
    pub as_of: NaiveDate,
    /// The currency.
    pub currency: Currency,
    /// Days from the last purchase to `as_of`.
    pub recency_days: Option<i64>,
    /// Purchases made, returned ones included.
    pub frequency: Option<i64>,
    /// Paid less given back.
    pub money_minor: Option<Minor>,
    /// 5 for those who bought last.
    pub recency_score: Option<i32>,
    /// 5 for those who bought most often.
    pub frequency_score: Option<i32>,
    /// 5 for those who paid most.
    pub money_score: Option<i32>,
    /// How many customers the scores compare.
    pub population: Option<i64>,
}

classified! { Rfm {
    as_of: plain, currency: plain, recency_days: value, frequency: value, money_minor: value, recency_score: value,
    frequency_score: value, money_score: value, population: value,
} }

/// How many customers have which scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RfmDistribution {
    /// What happened before this day counts.
    pub as_of: NaiveDate,
    /// The currency.
    pub currency: Currency,
    /// How many customers are scored.
    pub population: Option<i64>,
    /// How many have which recency score: five lines, from 1 to 5.
    pub recency: Vec<RfmScoreCount>,
    /// How many have which frequency score: five lines, from 1 to 5.
    pub frequency: Vec<RfmScoreCount>,
    /// How many have which money score: five lines, from 1 to 5.
    pub money: Vec<RfmScoreCount>,
    /// How many have 5 in all three.
    pub best: Option<i64>,
}

classified! { RfmDistribution {
    as_of: plain, currency: plain, population: value, recency: nested, frequency: nested, money: nested, best: value,
} }

/// How many customers have a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RfmScoreCount {
    /// 1 to 5.
    pub score: i32,
    /// How many.
    pub customers: Option<i64>,
}

classified! { RfmScoreCount { score: plain, customers: value } }
