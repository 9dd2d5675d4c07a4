//! Expectation against perception: the gaps of a questionnaire's items. Figures are in millionths.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::result::SCORE_READERS;
use crate::{
    api::{endpoints, interaction::Phase},
    classified,
    ids::{OrgUnitId, WaveId},
};

endpoints! {
    /// Perception against expectation, for each item of a questionnaire.
    GetGaps = Read Get "/results/gaps" 200 for SCORE_READERS => { query: GapQuery, reply: GapReport }
}

/// Which questionnaire's answers to sum up.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct GapQuery {
    /// The questionnaire's code.
    pub questionnaire: String,
    /// Its version: items of different versions are not the same question.
    pub version: i32,
    /// The unit, with all below it; everything in scope when absent.
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
    /// Fewer pairs are flagged; 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<u32>,
}

/// Expectation against perception of one item. Only pairs, where both were said, make a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ItemGap {
    /// The item's code.
    pub item: String,
    /// How many answered the item.
    pub n: i64,
    /// How many of them said what they had expected, too.
    pub pairs: i64,
    /// Whether there are fewer pairs than the minimum.
    pub insufficient_sample: bool,
    /// The mean perception of all who answered, in millionths.
    pub perception: Option<i64>,
    /// The mean expectation of the pairs, in millionths.
    pub expectation: Option<i64>,
    /// The mean gap of the pairs, perception less expectation, in millionths.
    pub gap: Option<i64>,
    /// Pairs that stayed below the expectation.
    pub below: Option<i64>,
    /// Pairs that met it.
    pub met: Option<i64>,
    /// Pairs that exceeded it.
    pub exceeded: Option<i64>,
    /// The item's weight, if it has one.
    pub weight: Option<i32>,
}

classified! { ItemGap {
    item: plain, n: plain, pairs: plain, insufficient_sample: plain, perception: value, expectation: value,
    gap: value, below: value, met: value, exceeded: value, weight: plain,
} }

/// Expectation against perception of a questionnaire (SERVQUAL: Parasuraman, Zeithaml & Berry, 1988).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct GapReport {
    /// The questionnaire's code.
    pub questionnaire: String,
    /// Its version.
    pub version: i32,
    /// How many answers there are.
    pub n: i64,
    /// How many of them are partial.
    pub partial: i64,
    /// The minimum that was asked for.
    pub minimum: u32,
    /// When this was computed.
    pub as_of: DateTime<Utc>,
    /// Each item in the questionnaire's order.
    pub items: Vec<ItemGap>,
    /// The mean of the gaps, in millionths; absent as long as an item with an expectation has no pair.
    pub unweighted: Option<i64>,
    /// The weighted mean of the gaps, in millionths; absent without weights, or as above.
    pub weighted: Option<i64>,
}

classified! { GapReport {
    questionnaire: plain, version: plain, n: plain, partial: plain, minimum: plain, as_of: plain,
    items: nested, unweighted: value, weighted: value,
} }
