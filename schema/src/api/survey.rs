//! The survey service's API: answers and what they say.
//!
//! Single answers are here; questionnaires of several items, and what all answers say together, have
//! files of their own.

mod batch;
mod gap;
mod invitation;
mod questionnaire;
mod recovery;
mod result;
mod rule;
mod wave;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use batch::{RecordAnswers, RecordAnswersInternally};
pub use gap::{GapQuery, GapReport, GetGaps, ItemGap};
pub use invitation::{
    Invitation, InvitationLink, InvitationPath, InvitationState, InvitationToSend, InvitationTrigger,
    InvitationsQuery, Invite, ListInvitations, ListInvitationsToSend, NewInvitation, SendInvitation,
};
pub use questionnaire::{
    ANSWERS_PER_PAGE, AnswerQuestionnaire, CreateQuestionnaire, ExpectationClass, ItemAnswer,
    ListQuestionnaireAnswers, ListQuestionnaires, LocalText, NewItemAnswer, NewQuestionnaire,
    NewQuestionnaireAnswer, NewQuestionnaireItem, Questionnaire, QuestionnaireAnswer, QuestionnaireFilter,
    QuestionnaireItem,
};
pub use recovery::{GetRecovery, Recovery, RecoveryQuery, RecoveryReport};
pub use result::{
    CompareResults, Comparison, ComparisonQuery, GetResult, Interval, MINIMUM_SAMPLE, NpsDifference,
    NpsEstimate, PlanSample, ResultQuery, ResultSummary, SamplePlan, SampleQuery, ScoreCount, Share,
};
pub use rule::{
    ChangeInvitationRule, CreateInvitationRule, InvitationRule, InvitationRulePath, InvitationRulesQuery,
    InvitationTerms, ListInvitationRules, NewInvitationRule,
};
pub use wave::{
    CloseWave, CreateWave, CurrentQuery, GetCurrent, GetWave, GetWaveResult, ListWaves, NewWave, OpenWave,
    StateCount, Wave, WavePath, WaveProgress, WaveResult, WaveState, WavesQuery,
};

use super::{
    customer::CustomerPath,
    interaction::{Channel, Phase},
    page::Page,
    section::{Sections, SectionsWanted},
};
use crate::{
    access::{FRONT_OFFICE, READERS, SERVICES},
    classified,
    ids::{AnswerId, CaseId, CustomerId, InvitationId, OrgUnitId, PurchaseId},
};

super::endpoints! {
    /// Records a customer's answer.
    RecordAnswer = Command Post "/customers/{customer_id}/answers" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewAnswer, reply: Answer,
    }
    /// A customer's answers, newest first.
    ListAnswers = Read Get "/customers/{customer_id}/answers" 200 for READERS => {
        path: CustomerPath, query: AnswersQuery, reply: Page<Answer>,
    }
    /// The voices of several customers for the customer-360 view.
    GetVoiceSections = Read Post "/internal/sections" 200 for SERVICES => {
        body: SectionsWanted, reply: Sections<Voice>,
    }
}

/// The question asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Instrument {
    /// Net Promoter Score (Reichheld, 2003): how likely to recommend, 0 to 10.
    Nps,
    /// Customer satisfaction on a five-point scale (Likert, 1932): how satisfied, 1 to 5.
    Csat,
    /// Customer effort score (Dixon, Freeman & Toman, 2010), in the later form of seven points: how far
    /// one agrees that it was made easy, 1 to 7.
    Ces,
}

/// What an NPS score makes of a customer (Reichheld, 2003).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum NpsCategory {
    /// 9 or 10.
    Promoter,
    /// 7 or 8.
    Passive,
    /// 0 to 6.
    Detractor,
}

/// An answer to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// The question asked.
    pub instrument: Instrument,
    /// The score on the instrument's scale: NPS 0 to 10, CSAT 1 to 5, CES 1 to 7.
    pub score: i32,
    /// In the customer's own words, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verbatim: Option<String>,
    /// The unit that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_unit_id: Option<OrgUnitId>,
    /// The purchase that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_id: Option<PurchaseId>,
    /// Where on the journey it was asked, if known; `sales` is assumed when it names a purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// How it was given.
    pub channel: Channel,
    /// When (business time); not more than a day in the future.
    pub occurred_at: DateTime<Utc>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Answer {
    /// Its id.
    pub id: AnswerId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The question asked.
    pub instrument: Instrument,
    /// The score on the instrument's scale.
    pub score: Option<i32>,
    /// What the score makes of the customer; only for NPS.
    pub category: Option<NpsCategory>,
    /// In the customer's own words.
    pub verbatim: Option<String>,
    /// The unit that it is about.
    pub org_unit_id: Option<OrgUnitId>,
    /// The purchase that it is about.
    pub purchase_id: Option<PurchaseId>,
    /// The case that it is about.
    #[serde(default)]
    pub case_id: Option<CaseId>,
    /// The invitation that it follows.
    #[serde(default)]
    pub invitation_id: Option<InvitationId>,
    /// Where on the journey it was asked, if known.
    #[serde(default)]
    pub phase: Option<Phase>,
    /// Whether the score is so low that somebody must follow it up.
    #[serde(default)]
    pub low: Option<bool>,
    /// How it was given.
    pub channel: Channel,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
    /// The customer's revision in this service after the command, or when read.
    pub revision: i64,
}

classified! { Answer {
    id: plain, customer_id: plain, instrument: plain, score: value, category: value, verbatim: sensitive,
    org_unit_id: plain, purchase_id: plain, case_id: plain, invitation_id: plain, phase: plain, low: value,
    channel: plain, occurred_at: plain, revision: plain,
} }

/// What the customer thinks: section `voice` of the view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Voice {
    /// How many answers there are.
    pub answer_count: i32,
    /// The latest NPS score.
    pub nps_score: Option<i32>,
    /// What it makes of the customer.
    pub nps_category: Option<NpsCategory>,
    /// The latest CSAT score, 1 to 5.
    #[serde(default)]
    pub csat_score: Option<i32>,
    /// The latest CES score, 1 to 7.
    #[serde(default)]
    pub ces_score: Option<i32>,
    /// When the latest answer was given.
    pub last_answer_at: Option<DateTime<Utc>>,
    /// The latest answers, at most 3.
    pub answers: Vec<Answer>,
    /// How many invitations wait for an answer, or for the leave to be sent.
    #[serde(default)]
    pub open_invitations: i32,
    /// When the customer was invited last.
    #[serde(default)]
    pub last_invited_at: Option<DateTime<Utc>>,
    /// What became of the latest low score that was followed up.
    #[serde(default)]
    pub recovery: Option<Recovery>,
}

classified! { Voice {
    answer_count: plain, nps_score: value, nps_category: value, csat_score: value, ces_score: value,
    last_answer_at: plain, answers: nested, open_invitations: plain, last_invited_at: plain, recovery: nested,
} }

/// Which part of a customer's answers.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AnswersQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
