//! Lots: points that came together and expire together. Points are spent from the oldest lot first.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Tier;
use crate::{
    access::READERS,
    api::{customer::CustomerPath, endpoints, page::Page},
    classified,
    ids::{LotId, PurchaseId},
    value::Points,
};

endpoints! {
    /// A customer's lots of points, the latest first.
    ListLots = Read Get "/customers/{customer_id}/lots" 200 for READERS => {
        path: CustomerPath, query: LotsQuery, reply: Page<PointsLot>,
    }
    /// How a customer's tier came to be, the latest change first.
    ListTierChanges = Read Get "/customers/{customer_id}/tier-changes" 200 for READERS => {
        path: CustomerPath, query: TierChangesQuery, reply: Page<TierChange>,
    }
}

/// What a lot is by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum LotState {
    /// Some of it is left.
    Open,
    /// Nothing is left; the last of it was spent.
    UsedUp,
    /// Nothing is left; some of it expired.
    Expired,
    /// Nothing is left; all of it was taken back by returns.
    Reversed,
}

/// Points that came together: of a purchase, or as a gesture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct PointsLot {
    /// Its id.
    pub id: LotId,
    /// The purchase that earned it; absent of a gesture.
    pub purchase_id: Option<PurchaseId>,
    /// What it is by now.
    pub state: LotState,
    /// How many points it began with.
    pub points: Option<Points>,
    /// How many are left, held ones included.
    pub remaining: Option<Points>,
    /// How many of those are held by holds that are open.
    pub held: Option<Points>,
    /// How many were spent, or made good what returns had taken back before.
    pub used: Option<Points>,
    /// How many were taken back by returns.
    pub reversed: Option<Points>,
    /// How many expired.
    pub expired: Option<Points>,
    /// When they were earned or given (business time).
    pub opened_at: DateTime<Utc>,
    /// When what is left expires; absent when it does not. What is held then expires when its hold lets go.
    pub expires_at: Option<DateTime<Utc>>,
}

classified! { PointsLot {
    id: plain, purchase_id: plain, state: plain, points: standing, remaining: standing, held: standing,
    used: standing, reversed: standing, expired: standing, opened_at: plain, expires_at: plain,
} }

/// Why a tier changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum TierChangeCause {
    /// A purchase qualified for more.
    Earned,
    /// A return took back what had qualified.
    Reversed,
    /// A period ended in which less was earned than the tier takes.
    PeriodEnd,
    /// Other terms became valid.
    Programme,
}

/// A change of a customer's tier in business time, as it is known by now: what becomes known later may tell
/// another history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct TierChange {
    /// Its number, from 1 for the earliest.
    pub number: i32,
    /// The tier left.
    pub from: Option<Tier>,
    /// The tier reached.
    pub to: Option<Tier>,
    /// When (business time).
    pub at: DateTime<Utc>,
    /// Why.
    pub cause: TierChangeCause,
    /// The qualifying points of the period at that time.
    pub qualifying: Option<Points>,
    /// The version of the programme that decided.
    pub programme_version: i32,
}

classified! { TierChange {
    number: plain, from: standing, to: standing, at: plain, cause: plain, qualifying: standing,
    programme_version: plain,
} }

/// Which part of a customer's lots.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct LotsQuery {
    /// Only those that are open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which part of a customer's tier changes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct TierChangesQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
