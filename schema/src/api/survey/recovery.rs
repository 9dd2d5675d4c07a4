//! What became of unhappy customers: asked again after the case that followed their low score up.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Instrument,
    result::{SCORE_READERS, Share},
};
use crate::{
    access::{Level, MaskField},
    api::endpoints,
    classified,
    ids::{AnswerId, CaseId, OrgUnitId},
};

endpoints! {
    /// How many unhappy customers were asked again, answered and recovered, for a unit with all below it.
    GetRecovery = Read Get "/results/recovery" 200 for SCORE_READERS => {
        query: RecoveryQuery, reply: RecoveryReport,
    }
}

/// Whom to count.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct RecoveryQuery {
    /// The unit, with all below it; everything in scope when absent. It is the unit that the low score was about,
    /// and the customer's home unit when it was about none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<OrgUnitId>)]
    pub org_unit_id: Option<OrgUnitId>,
    /// Only those asked again from this time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Only those asked again before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// Fewer answers are flagged, 1 to 1,000,000; 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<u32>,
}

/// What became of unhappy customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct RecoveryReport {
    /// How many were asked again: the question was sent.
    pub asked: i64,
    /// How many of them answered.
    pub answered: i64,
    /// The minimum that was asked for.
    pub minimum: u32,
    /// Whether fewer answered than the minimum.
    pub insufficient_sample: bool,
    /// When this was computed.
    pub as_of: DateTime<Utc>,
    /// Those whose score is no longer low, of those who answered; absent without answers.
    pub recovered: Option<Share>,
}

classified! { RecoveryReport {
    asked: plain, answered: plain, minimum: plain, insufficient_sample: plain, as_of: plain, recovered: value,
} }

/// What became of a customer's low score, as the view shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Recovery {
    /// The case that followed the low score up.
    pub case_id: CaseId,
    /// The question that was asked twice.
    pub instrument: Instrument,
    /// The answer with the low score.
    pub first_answer_id: AnswerId,
    /// The answer after the case.
    pub second_answer_id: AnswerId,
    /// The score before.
    pub score_before: Option<i32>,
    /// The score after.
    pub score_after: Option<i32>,
    /// Whether the score after is no longer low.
    pub recovered: Option<bool>,
    /// When the second answer was given (business time).
    pub occurred_at: DateTime<Utc>,
}

classified! { Recovery {
    case_id: plain, instrument: plain, first_answer_id: plain, second_answer_id: plain, score_before: value,
    score_after: value, recovered: value, occurred_at: plain,
} }

// A masked yes or no would be a false one.
impl MaskField for Option<bool> {
    fn reduce(&mut self, level: Level) {
        if level != Level::Whole {
            *self = None;
        }
    }
}
