//! Waves: many customers are asked the same in a period, and the latest closed one says how satisfied they are.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Instrument, Interval, InvitationState, InvitationTerms, ResultSummary, result::SCORE_READERS};
use crate::{
    access::Role,
    api::{endpoints, page::Page},
    classified,
    ids::{OrgUnitId, WaveId},
};

/// Who asks many at once.
const PLANNERS: &[Role] = &[Role::Admin, Role::Manager];
/// Who follows waves.
const FOLLOWERS: &[Role] = &[Role::Admin, Role::Manager, Role::Marketing, Role::Executive];

endpoints! {
    /// Plans a wave.
    CreateWave = Command Post "/waves" 201 for PLANNERS => { body: NewWave, reply: Wave }
    /// Opens a planned wave: customers are invited, a batch after the other.
    OpenWave = Command Post "/waves/{wave_id}/open" 200 for PLANNERS => { path: WavePath, reply: Wave }
    /// Closes a wave: nobody is invited any more, and what was not answered runs out.
    CloseWave = Command Post "/waves/{wave_id}/close" 200 for PLANNERS => { path: WavePath, reply: Wave }
    /// One wave with its progress; of a unit within your organisation.
    GetWave = Read Get "/waves/{wave_id}" 200 for FOLLOWERS => { path: WavePath, reply: WaveProgress }
    /// Waves of units within your organisation, newest first.
    ListWaves = Read Get "/waves" 200 for FOLLOWERS => { query: WavesQuery, reply: Page<Wave> }
    /// What the answers to a wave say.
    GetWaveResult = Read Get "/waves/{wave_id}/result" 200 for SCORE_READERS => {
        path: WavePath, reply: WaveResult,
    }
    /// How satisfied customers are, by the latest closed wave that asked the unit's customers, and how old that
    /// is.
    GetCurrent = Read Get "/results/current" 200 for SCORE_READERS => {
        query: CurrentQuery, reply: WaveResult,
    }
}

/// Which wave.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct WavePath {
    /// The wave's id.
    pub wave_id: WaveId,
}

/// Which part of the waves.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct WavesQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which current value.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CurrentQuery {
    /// The question that was asked.
    #[param(inline)]
    pub instrument: Instrument,
    /// The unit, with all below it; the whole organisation when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<OrgUnitId>)]
    pub org_unit_id: Option<OrgUnitId>,
}

/// Where a wave stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum WaveState {
    /// Planned: nobody is invited yet.
    Planned,
    /// Open: customers are invited and answer.
    Open,
    /// Closed, by somebody or because its period is over.
    Closed,
}

/// A wave to plan.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewWave {
    /// Its code: 1 to 40 of a-z, 0-9 and hyphen; no other wave has it.
    pub code: String,
    /// The code of an active rule whose trigger is `wave`: what is asked, and on which terms.
    pub rule: String,
    /// The unit whose customers are asked, with all below it.
    pub org_unit_id: OrgUnitId,
    /// It can be opened from this time on.
    pub from: DateTime<Utc>,
    /// It closes at this time; at most 180 days after `from`.
    pub until: DateTime<Utc>,
    /// About so many customers are asked, at least 1; the rule's share when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_size: Option<i64>,
    /// So many answers are hoped for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_answers: Option<i64>,
}

/// A wave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Wave {
    /// Its id.
    pub id: WaveId,
    /// Its code.
    pub code: String,
    /// Where it stands.
    pub state: WaveState,
    /// The code of its rule.
    pub rule: String,
    /// The rule's terms, as they were when the wave was planned.
    pub terms: InvitationTerms,
    /// The unit whose customers are asked, with all below it.
    pub org_unit_id: OrgUnitId,
    /// It can be opened from this time on.
    pub from: DateTime<Utc>,
    /// It closes at this time.
    pub until: DateTime<Utc>,
    /// About so many customers are asked.
    pub sample_size: Option<i64>,
    /// So many answers are hoped for.
    pub target_answers: Option<i64>,
    /// When it was opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
    /// Its revision.
    pub revision: i64,
}

classified! { Wave {
    id: plain, code: plain, state: plain, rule: plain, terms: plain, org_unit_id: plain, from: plain,
    until: plain, sample_size: plain, target_answers: plain, opened_at: plain, closed_at: plain,
    created_at: plain, revision: plain,
} }

/// How many invitations of a wave stand somewhere.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct StateCount {
    /// Where they stand.
    pub state: InvitationState,
    /// How many.
    pub count: i64,
}

/// How far a wave is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct WaveProgress {
    /// The wave.
    pub wave: Wave,
    /// How many customers were looked at.
    pub considered: i64,
    /// How many of them belong to the sample.
    pub sampled: i64,
    /// How many of the sample were left out, because they had been invited shortly before.
    pub cooling_off: i64,
    /// Whether everybody was looked at.
    pub complete: bool,
    /// The invitations of customers in your scope, by where they stand.
    pub states: Vec<StateCount>,
}

classified! { WaveProgress {
    wave: plain, considered: plain, sampled: plain, cooling_off: plain, complete: plain, states: plain,
} }

/// What a wave says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct WaveResult {
    /// Which wave.
    pub wave_id: WaveId,
    /// Its code.
    pub code: String,
    /// Where it stands.
    pub state: WaveState,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// How many whole days ago that was.
    pub age_days: Option<i64>,
    /// How many invitations were sent, to customers in your scope.
    pub sent: i64,
    /// How many of them were answered.
    pub answered: i64,
    /// So many answers are hoped for.
    pub target_answers: Option<i64>,
    /// How many answers count: those of the unit asked for.
    pub n: i64,
    /// The value: of NPS the score in points from -100 to 100, in millionths; of CSAT and CES the share of the two
    /// highest scores in millionths. Absent without answers, and for a questionnaire (see `/results/gaps`).
    pub value: Option<i64>,
    /// Its interval at 95 %: adjusted Wald for NPS, Wilson for the others.
    pub interval: Option<Interval>,
    /// The whole result; absent for a questionnaire.
    pub result: Option<ResultSummary>,
}

classified! { WaveResult {
    wave_id: plain, code: plain, state: plain, closed_at: plain, age_days: plain, sent: plain, answered: plain,
    target_answers: plain, n: plain, value: value, interval: value, result: nested,
} }
