//! The loyalty service's API: the points account and its ledger.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    customer::CustomerPath,
    page::Page,
    section::{Sections, SectionsWanted},
};
use crate::{
    access::{READERS, SERVICES},
    classified,
    ids::{PointsEntryId, PurchaseId},
    value::Points,
};

super::endpoints! {
    /// One customer's points account.
    GetAccount = Read Get "/customers/{customer_id}/account" 200 for READERS => {
        path: CustomerPath, reply: LoyaltyAccount,
    }
    /// The entries of a customer's points ledger, newest first.
    ListPointsEntries = Read Get "/customers/{customer_id}/points-entries" 200 for READERS => {
        path: CustomerPath, query: PointsQuery, reply: Page<PointsEntry>,
    }
    /// The accounts of several customers for the customer-360 view.
    GetLoyaltySections = Read Post "/internal/sections" 200 for SERVICES => {
        body: SectionsWanted, reply: Sections<LoyaltyAccount>,
    }
}

/// The tier of a member, by points earned.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Everyone.
    Basic,
    /// From 1,000 points earned.
    Silver,
    /// From 5,000 points earned.
    Gold,
    /// From 20,000 points earned.
    Platinum,
}

/// Why points moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum PointsEntryKind {
    /// Earned by a purchase.
    Earn,
    /// Taken back by a return.
    Reverse,
}

/// One movement on a customer's account, as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct PointsEntry {
    /// Its id.
    pub id: PointsEntryId,
    /// Why.
    pub kind: PointsEntryKind,
    /// Positive when earned, negative when taken back.
    pub points: Option<Points>,
    /// The purchase that caused it.
    pub purchase_id: PurchaseId,
    /// When the cause happened (business time).
    pub occurred_at: DateTime<Utc>,
}

classified! { PointsEntry { id: plain, kind: plain, points: standing, purchase_id: plain, occurred_at: plain } }

/// What the relationship is worth: section `loyalty` of the view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct LoyaltyAccount {
    /// The tier.
    pub tier: Option<Tier>,
    /// Points that can be spent. Negative when a return took back points that were spent already.
    pub balance: Option<Points>,
    /// Points earned less reversed: what decides the tier.
    pub qualifying: Option<Points>,
    /// The next tier, unless this is the highest.
    pub next_tier: Option<Tier>,
    /// Points missing to the next tier.
    pub points_to_next_tier: Option<Points>,
    /// The latest movements, at most 10.
    pub entries: Vec<PointsEntry>,
    /// When the account was opened.
    pub opened_at: DateTime<Utc>,
}

classified! { LoyaltyAccount {
    tier: standing, balance: standing, qualifying: standing, next_tier: standing, points_to_next_tier: standing,
    entries: nested, opened_at: plain,
} }

/// Which part of a ledger.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PointsQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
