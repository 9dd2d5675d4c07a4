//! What answers say together: results of an instrument, the difference between two periods, and how many
//! answers it takes.
//!
//! Every figure is computed from exact counts and crosses the wire as an integer in millionths: an NPS of
//! 30.0 points is 30,000,000, a share of 80 % is 800,000, a mean of 4.2 is 4,200,000. Intervals are at
//! 95 %. Only answers of customers in the caller's scope count, so a result says no more than the
//! records would.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Instrument;
use crate::{
    access::{EVERYONE, Level, MaskField, Role},
    api::{endpoints, interaction::Phase},
    classified,
    ids::{OrgUnitId, WaveId},
};

/// Below so many answers a figure is flagged, unless the caller says another number.
pub const MINIMUM_SAMPLE: u32 = 30;
/// The roles that see scores at all: class `value`.
pub(super) const SCORE_READERS: &[Role] = &[Role::Marketing, Role::Manager, Role::Executive];

endpoints! {
    /// What the answers to one instrument say, for a unit with all below it.
    GetResult = Read Get "/results" 200 for SCORE_READERS => { query: ResultQuery, reply: ResultSummary }
    /// The NPS of a period against that of an earlier one.
    CompareResults = Read Get "/results/comparison" 200 for SCORE_READERS => {
        query: ComparisonQuery, reply: Comparison,
    }
    /// How many answers a margin of error takes.
    PlanSample = Read Get "/sample-size" 200 for EVERYONE => { query: SampleQuery, reply: SamplePlan }
}

/// Which answers to sum up.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ResultQuery {
    /// The question that was asked.
    #[param(inline)]
    pub instrument: Instrument,
    /// The unit, with all below it; everything in scope when absent. An answer belongs to the unit that it
    /// names, and to the customer's home unit when it names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<OrgUnitId>)]
    pub org_unit_id: Option<OrgUnitId>,
    /// Only answers that are known to be about this phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub phase: Option<Phase>,
    /// Only answers given from this time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Only answers given before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// Only answers to this wave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<WaveId>)]
    pub wave_id: Option<WaveId>,
    /// Only the so many days that end with the latest of these answers, 1 to 3,660: the latest value,
    /// however old it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_days: Option<u32>,
    /// Fewer answers are flagged, 1 to 1,000,000; 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<u32>,
}

/// An interval at 95 %, in millionths.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct Interval {
    /// Its lower end.
    pub low: i64,
    /// Its upper end.
    pub high: i64,
}

/// A share with its interval after Wilson (1927), in millionths.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct Share {
    /// How many.
    pub count: i64,
    /// Of all.
    pub share: i64,
    /// The Wilson interval.
    pub interval: Interval,
}

/// A Net Promoter Score with its uncertainty; points in millionths.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct NpsEstimate {
    /// Scores 9 and 10.
    pub promoters: i64,
    /// Scores 7 and 8.
    pub passives: i64,
    /// Scores 0 to 6.
    pub detractors: i64,
    /// Promoters less detractors, in points from -100 to 100.
    pub score: i64,
    /// The standard error, in points.
    pub standard_error: i64,
    /// Half the width of the Wald interval, in points.
    pub margin: i64,
    /// The Wald interval, cut off at -100 and 100. It has no width when all answers are alike.
    pub wald: Interval,
    /// The adjusted Wald interval (Rocks, 2016: add 3/4, 3/2 and 3/4), cut off alike.
    pub adjusted_wald: Interval,
}

/// How often a score was given.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct ScoreCount {
    /// The score.
    pub score: i32,
    /// How many answers.
    pub count: i64,
}

macro_rules! whole_or_nothing {
    ($($type:ty),+ $(,)?) => {$(
        impl MaskField for Option<$type> {
            fn reduce(&mut self, level: Level) {
                if level != Level::Whole {
                    *self = None;
                }
            }
        }
    )+};
}

// A masked figure would be a false one.
whole_or_nothing!(Vec<ScoreCount>, Share, Interval, NpsEstimate, NpsDifference);

/// What the answers to an instrument say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ResultSummary {
    /// The question that was asked.
    pub instrument: Instrument,
    /// How the value is defined, with its source.
    pub definition: String,
    /// How many answers there are.
    pub n: i64,
    /// The minimum that was asked for.
    pub minimum: u32,
    /// Whether `n` is below the minimum: the value is shown, but do not rank by it.
    pub insufficient_sample: bool,
    /// When this was computed.
    pub as_of: DateTime<Utc>,
    /// When the latest of these answers was given.
    pub latest_answer_at: Option<DateTime<Utc>>,
    /// How many whole days ago that was.
    pub age_days: Option<i64>,
    /// How often each score was given; scores that nobody gave are left out.
    pub distribution: Option<Vec<ScoreCount>>,
    /// The mean score in millionths; absent without answers.
    pub mean: Option<i64>,
    /// The share of the two highest scores; absent without answers.
    pub top_two_box: Option<Share>,
    /// The Net Promoter Score; only for NPS, absent without answers.
    pub nps: Option<NpsEstimate>,
}

classified! { ResultSummary {
    instrument: plain, definition: plain, n: plain, minimum: plain, insufficient_sample: plain, as_of: plain,
    latest_answer_at: plain, age_days: plain, distribution: value, mean: value, top_two_box: value, nps: value,
} }

/// Which two periods to compare.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ComparisonQuery {
    /// The unit, with all below it; everything in scope when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<OrgUnitId>)]
    pub org_unit_id: Option<OrgUnitId>,
    /// Only answers that are known to be about this phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub phase: Option<Phase>,
    /// The later period starts here.
    pub from: DateTime<Utc>,
    /// The later period ends before this.
    pub to: DateTime<Utc>,
    /// The earlier period starts here.
    pub base_from: DateTime<Utc>,
    /// The earlier period ends before this; not after the start of the later one.
    pub base_to: DateTime<Utc>,
    /// Fewer answers in one of the periods are flagged; 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<u32>,
}

/// The difference of two Net Promoter Scores; points in millionths.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct NpsDifference {
    /// The later score less the earlier one, in points.
    pub difference: i64,
    /// The standard error of the difference, in points.
    pub standard_error: i64,
    /// Difference by standard error, in millionths; absent when the standard error is 0.
    pub z: Option<i64>,
    /// How likely a difference at least as large is when there is none (two-sided), in millionths.
    pub p: Option<i64>,
}

/// The NPS of two periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Comparison {
    /// How many answers the later period has.
    pub n: i64,
    /// How many answers the earlier period has.
    pub base_n: i64,
    /// The minimum that was asked for.
    pub minimum: u32,
    /// Whether one of the periods has fewer.
    pub insufficient_sample: bool,
    /// When this was computed.
    pub as_of: DateTime<Utc>,
    /// The later period's score; absent without answers.
    pub later: Option<NpsEstimate>,
    /// The earlier period's score; absent without answers.
    pub earlier: Option<NpsEstimate>,
    /// The difference; absent unless both periods have answers.
    pub change: Option<NpsDifference>,
}

classified! { Comparison {
    n: plain, base_n: plain, minimum: plain, insufficient_sample: plain, as_of: plain, later: value,
    earlier: value, change: value,
} }

/// For what to plan.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SampleQuery {
    /// The margin of error in millionths of 1: 50,000 is 5 percentage points, or 5 NPS points.
    pub margin: i64,
    /// 90, 95 or 99; 95 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u32>,
    /// The variance in millionths; the worst case when absent: 250,000 for a share, 1,000,000 for an NPS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variance: Option<i64>,
    /// How many customers could be asked; unlimited when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<i64>,
    /// Whether an NPS is to be measured; a share when absent.
    #[serde(default)]
    pub nps: bool,
}

/// How many answers it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SamplePlan {
    /// The number of complete answers.
    pub answers: i64,
}

classified! { SamplePlan { answers: plain } }
