//! The loyalty service's API: the programme, the points account with its ledger and lots, holds and goodwill,
//! supplies that run out, RFM scores, the customer base by month, profiles and segments.

mod balance;
mod base;
mod batch;
mod hold;
mod lot;
mod profile;
mod programme;
mod rfm;
mod segment;
mod supply;
mod why;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use self::{
    balance::{BalanceQuery, CustomerBalance, GetCustomerBalance, MonthOfBalance},
    base::{
        Cohort, CohortMonth, Cohorts, CustomerBase, GetCohorts, GetCustomerBase, MonthOfBase, MonthsQuery,
    },
    batch::{EnterOpeningBalances, EnterOpeningBalancesInternally, NewOpeningBalance, OPENING_MAX},
    hold::{
        CancelHold, ConfirmHold, GrantGoodwill, HoldPath, HoldPoints, HoldState, HoldsQuery, ListHolds,
        NewGoodwill, NewHold, PointsHold,
    },
    lot::{
        ListLots, ListTierChanges, LotState, LotsQuery, PointsLot, TierChange, TierChangeCause,
        TierChangesQuery,
    },
    profile::{
        CustomerProfile, GetProfile, GetProfiles, LastScore, ProfileAttribute, ProfileConsent,
        ProfileFigures, ProfilesWanted, RfmScoring, ScoreBase, StoredRfm, Turnover,
    },
    programme::{
        BonusRule, CreateProgrammeVersion, Downgrade, GetProgrammeVersion, ListProgrammeVersions,
        NewProgrammeVersion, ProgrammeTerms, ProgrammeVersion, ProgrammeVersionPath, ProgrammeVersionsQuery,
        Rounding, TierMultipliers, TierThresholds,
    },
    rfm::{GetRfm, GetRfmDistribution, Rfm, RfmDistribution, RfmQuery, RfmScoreCount},
    segment::*,
    supply::{Fill, ListSupplies, RateSource, SetSupply, SuppliesQuery, Supply, SupplyPath, SupplySetting},
    why::{NextExpiry, PointsWhy, WhyCode},
};
use super::{
    customer::CustomerPath,
    page::Page,
    section::{Sections, SectionsWanted},
};
use crate::{
    access::{READERS, Role, SERVICES},
    classified,
    ids::{PointsEntryId, PurchaseId},
    value::Points,
};

/// Who sees figures of many customers at once: the roles that see value.
pub const ANALYSTS: &[Role] = &[Role::Marketing, Role::Manager, Role::Executive];

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

/// The tier of a member, by points earned. Where a tier begins is said by the programme.
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
    /// From 1,000 points earned, unless the programme says otherwise.
    Silver,
    /// From 5,000 points earned, unless the programme says otherwise.
    Gold,
    /// From 20,000 points earned, unless the programme says otherwise.
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
    /// Spent by the customer.
    Burn,
    /// Given as a gesture.
    Goodwill,
    /// Brought from an account elsewhere.
    Opening,
    /// Expired with its lot; positive when less of a lot expired than was known before.
    Expire,
    /// What a purchase earned is another than was known before: more when positive.
    Adjust,
}

/// One movement on a customer's account, as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct PointsEntry {
    /// Its id.
    pub id: PointsEntryId,
    /// Why.
    pub kind: PointsEntryKind,
    /// Positive when earned or given, negative when taken back or spent.
    pub points: Option<Points>,
    /// The purchase that caused it, if one did.
    pub purchase_id: Option<PurchaseId>,
    /// What it was spent on or given for, as a code.
    #[serde(default)]
    pub reason: Option<String>,
    /// Why, with the numbers that it was made of; absent of entries made before they were kept.
    #[serde(default)]
    pub why: Option<PointsWhy>,
    /// When the cause happened (business time).
    pub occurred_at: DateTime<Utc>,
}

classified! { PointsEntry {
    id: plain, kind: plain, points: standing, purchase_id: plain, reason: plain, why: nested,
    occurred_at: plain,
} }

/// What the relationship is worth: section `loyalty` of the view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct LoyaltyAccount {
    /// The tier.
    pub tier: Option<Tier>,
    /// Points on the account. Negative when a return took back points that were spent already.
    pub balance: Option<Points>,
    /// Points that can be spent: the balance less what is held. Negative when a return took back points that
    /// were held or spent already.
    #[serde(default)]
    pub available: Option<Points>,
    /// Points of all open holds.
    #[serde(default)]
    pub held: Option<Points>,
    /// Points earned less reversed, of the tier period when the programme has one: what decides the tier.
    pub qualifying: Option<Points>,
    /// The next tier, unless this is the highest.
    pub next_tier: Option<Tier>,
    /// Points missing to the next tier.
    pub points_to_next_tier: Option<Points>,
    /// When the tier is reviewed: the end of the tier period, when the programme has one.
    #[serde(default)]
    pub tier_review_at: Option<DateTime<Utc>>,
    /// The points that expire next, when some do.
    #[serde(default)]
    pub next_expiry: Option<NextExpiry>,
    /// The latest movements, at most 10.
    pub entries: Vec<PointsEntry>,
    /// The open holds, those that expire first, at most 10.
    #[serde(default)]
    pub holds: Vec<PointsHold>,
    /// When the account was opened.
    pub opened_at: DateTime<Utc>,
}

classified! { LoyaltyAccount {
    tier: standing, balance: standing, available: standing, held: standing, qualifying: standing,
    next_tier: standing, points_to_next_tier: standing, tier_review_at: plain, next_expiry: nested,
    entries: nested, holds: nested, opened_at: plain,
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
