//! The programme: what a purchase earns, what a tier takes, and how long points last. It has versions; a
//! purchase earns by the one that was valid when it was made, so that the order in which things become known
//! does not matter. A version is never changed once it is created.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{ADMINISTRATORS, EVERYONE},
    api::{endpoints, page::Page},
    classified,
    ids::OrgUnitId,
    value::{Minor, Points},
};

endpoints! {
    /// Creates a version of the programme. It begins more than a day ahead, or at any time as long as nothing
    /// was bought; it is never changed afterwards.
    CreateProgrammeVersion = Command Post "/programme/versions" 201 for ADMINISTRATORS => {
        body: NewProgrammeVersion, reply: ProgrammeVersion,
    }
    /// The versions of the programme, the latest first.
    ListProgrammeVersions = Read Get "/programme/versions" 200 for EVERYONE => {
        query: ProgrammeVersionsQuery, reply: Page<ProgrammeVersion>,
    }
    /// One version of the programme.
    GetProgrammeVersion = Read Get "/programme/versions/{version}" 200 for EVERYONE => {
        path: ProgrammeVersionPath, reply: ProgrammeVersion,
    }
}

/// Which version.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct ProgrammeVersionPath {
    /// Its number; 1 is built in.
    pub version: i32,
}

/// Which part of the versions.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeVersionsQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// How a part of a point is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the whole point below.
    Down,
    /// To the nearest whole point, a half up.
    Nearest,
    /// To the whole point above.
    Up,
}

/// What becomes of a tier at the end of a period in which less was earned than it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Downgrade {
    /// It falls to the tier that was earned in the period.
    ToEarned,
    /// It falls by one tier at most.
    OneTier,
}

/// The qualifying points from which each tier holds; each more than the one before.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "TierThresholdsInput")]
pub struct TierThresholds {
    /// Silver; at least 1.
    pub silver: Points,
    /// Gold.
    pub gold: Points,
    /// Platinum.
    pub platinum: Points,
}

/// What the members of each tier earn for a point: 1,000,000 is one point, 1,500,000 one and a half.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "TierMultipliersInput")]
pub struct TierMultipliers {
    /// In millionths, 0 to 100,000,000.
    pub basic_millionths: i64,
    /// In millionths, 0 to 100,000,000.
    pub silver_millionths: i64,
    /// In millionths, 0 to 100,000,000.
    pub gold_millionths: i64,
    /// In millionths, 0 to 100,000,000.
    pub platinum_millionths: i64,
}

/// A rule that gives more (or less) for some of what is bought. Of several multipliers that match a line the
/// highest counts; points that rules add are added up.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "BonusRuleInput")]
pub struct BonusRule {
    /// Its code, 1 to 40 of a-z, 0-9 and hyphen; unique in its version.
    pub code: String,
    /// Only lines whose article's code begins with this, 1 to 100 characters; every line when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku_prefix: Option<String>,
    /// Only purchases made in this unit or below it; the units are those at the time when the version is
    /// created. Every unit when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_unit_id: Option<OrgUnitId>,
    /// Only purchases of at least this much in all, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_total_minor: Option<Minor>,
    /// Multiplies what a line that matches earns, in millionths, 0 to 100,000,000. This or `points`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiplier_millionths: Option<i64>,
    /// Points that a purchase with a line that matches earns besides, 1 to 1,000,000, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
}

/// The terms of a version.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "ProgrammeTermsInput")]
pub struct ProgrammeTerms {
    /// Millionths of a point for each minor unit of the currency, 0 to 1,000,000,000: 10,000 is a point for
    /// each 1.00 of a currency with two decimals.
    pub rate_millionths: i64,
    /// How a part of a point is rounded.
    pub rounding: Rounding,
    /// What the members of each tier earn for a point. What a tier gives on top does not qualify for a tier.
    pub multipliers: TierMultipliers,
    /// At most 50.
    #[serde(default)]
    #[graphql(default)]
    pub bonus_rules: Vec<BonusRule>,
    /// From where each tier holds.
    pub thresholds: TierThresholds,
    /// The length of the periods in which points qualify, in months, 1 to 60: whole calendar periods, so that
    /// 12 is the calendar year (UTC). Without it all points qualify for ever, and nobody's tier is reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier_period_months: Option<u32>,
    /// What becomes of a tier at the end of a period.
    pub downgrade: Downgrade,
    /// How long points last from when they were earned or given, in months, 1 to 120; for ever when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot_months: Option<u32>,
    /// How many days before points expire it is told, 0 to 365; not told when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_days: Option<u32>,
}

/// A version to create.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewProgrammeVersion {
    /// From when it is valid (business time of purchases), until the next one is.
    pub valid_from: DateTime<Utc>,
    /// Its terms.
    pub terms: ProgrammeTerms,
}

/// A version of the programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ProgrammeVersion {
    /// Its number, in the order of creation; 1 is built in.
    pub version: i32,
    /// From when it is valid (business time of purchases), until the next one is.
    pub valid_from: DateTime<Utc>,
    /// Its terms.
    pub terms: ProgrammeTerms,
    /// When it was created; absent when it is built in.
    pub created_at: Option<DateTime<Utc>>,
}

classified! { ProgrammeVersion { version: plain, valid_from: plain, terms: plain, created_at: plain } }
