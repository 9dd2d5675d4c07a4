//! Why points moved: every entry of a ledger explains itself, by a code and the numbers that it was made of.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Tier;
use crate::{
    classified,
    ids::LotId,
    value::{Minor, Points},
};

/// What an entry follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum WhyCode {
    /// A purchase earned, by the version of the programme that was valid then.
    Purchase,
    /// A return took back what the money given back had earned.
    Return,
    /// The member's tier at the time of a purchase is another one than was known when it earned.
    TierAtPurchase,
    /// Points were given.
    Goodwill,
    /// Points were brought from an account elsewhere.
    OpeningBalance,
    /// Points that were held were spent.
    Spent,
    /// A lot's time ran out.
    LotExpired,
    /// Less of a lot expired than was known when it did: a return or another fact came to light later.
    ExpiryCorrected,
}

/// Why points moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct PointsWhy {
    /// What it follows from.
    pub code: WhyCode,
    /// The version of the programme that decided.
    pub programme_version: i32,
    /// The money that it was reckoned from, in minor units: the purchase's total, or what a return gave back.
    #[serde(default)]
    pub amount_minor: Option<Minor>,
    /// Millionths of a point for each minor unit.
    #[serde(default)]
    pub rate_millionths: Option<i64>,
    /// The bonus rules that counted.
    #[serde(default)]
    pub rules: Vec<String>,
    /// The points by rate and rules alone: what qualifies for a tier.
    #[serde(default)]
    pub base_points: Option<Points>,
    /// The member's tier at the time of the purchase.
    #[serde(default)]
    pub tier: Option<Tier>,
    /// What that tier multiplies by, in millionths.
    #[serde(default)]
    pub multiplier_millionths: Option<i64>,
    /// The lot that is meant.
    #[serde(default)]
    pub lot_id: Option<LotId>,
    /// When the lot expires or expired.
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
}

classified! { PointsWhy {
    code: plain, programme_version: plain, amount_minor: standing, rate_millionths: plain, rules: plain,
    base_points: standing, tier: standing, multiplier_millionths: standing, lot_id: plain, expires_at: plain,
} }

/// The points that expire next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct NextExpiry {
    /// When.
    pub at: DateTime<Utc>,
    /// How many, as it stands: less when some are spent before.
    pub points: Option<Points>,
}

classified! { NextExpiry { at: plain, points: standing } }
