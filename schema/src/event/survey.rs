//! What the survey service tells: answers, without their words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    api::{
        customer::ConsentPurpose,
        interaction::{Channel, Phase},
        survey::{Instrument, InvitationState},
    },
    ids::{AnswerId, CaseId, CustomerId, InvitationId, OrgUnitId, OutreachId, PurchaseId, WaveId},
};

/// A survey answer was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AnswerReceived {
    /// Which answer.
    pub answer_id: AnswerId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The question that was asked.
    pub instrument: Instrument,
    /// The score on the instrument's scale: NPS 0 to 10, CSAT 1 to 5, CES 1 to 7.
    pub score: i32,
    /// The unit that the answer is about, when it is about one.
    pub org_unit_id: Option<OrgUnitId>,
    /// The purchase that the answer is about, when it is about one.
    pub purchase_id: Option<PurchaseId>,
    /// When it was given (business time).
    pub occurred_at: DateTime<Utc>,
    /// The case that the answer is about, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// The invitation that it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation_id: Option<InvitationId>,
    /// Where on the journey it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Whether the score is so low that somebody must follow it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<bool>,
}

/// A questionnaire was answered, as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QuestionnaireAnswered {
    /// Which answer.
    pub answer_id: AnswerId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The questionnaire's code.
    pub questionnaire: String,
    /// Its version.
    pub version: i32,
    /// The unit that the answer is about, when it is about one.
    pub org_unit_id: Option<OrgUnitId>,
    /// The invitation that it follows.
    pub invitation_id: Option<InvitationId>,
    /// How many items were answered.
    pub items: i32,
    /// When it was given (business time).
    pub occurred_at: DateTime<Utc>,
}

/// It is proposed to reach a customer of our own accord. Nothing is sent before it is granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OutreachProposed {
    /// Which proposal.
    pub outreach_id: OutreachId,
    /// Whom.
    pub customer_id: CustomerId,
    /// What for.
    pub purpose: ConsentPurpose,
    /// The channels that can be used, the best one first.
    pub channels: Vec<Channel>,
    /// What it is about, as a code.
    pub reason: String,
    /// When what it is about happened (business time): an outreach follows within seven days or not at all.
    pub caused_at: DateTime<Utc>,
    /// Until when it makes sense.
    pub expires_at: DateTime<Utc>,
    /// Whether it is owed to the customer, as the question after a case that followed a low score up is:
    /// then contact pressure does not hold it. Consent and quiet hours do.
    pub owed: bool,
}

/// An invitation was created, or came to its end; its state says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InvitationMoved {
    /// Which invitation.
    pub invitation_id: InvitationId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where it stands now.
    pub state: InvitationState,
    /// The question asked, when it is a single one.
    pub instrument: Option<Instrument>,
    /// The questionnaire's code, when it is one.
    pub questionnaire: Option<String>,
    /// The case that it asks about.
    pub case_id: Option<CaseId>,
    /// The purchase that it asks about.
    pub purchase_id: Option<PurchaseId>,
    /// The wave that it is part of.
    pub wave_id: Option<WaveId>,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
}

/// What became of an unhappy customer: the answer after the case that followed a low score up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RecoveryMeasured {
    /// Whose.
    pub customer_id: CustomerId,
    /// The case that followed the low score up.
    pub case_id: CaseId,
    /// The answer with the low score.
    pub first_answer_id: AnswerId,
    /// The answer after the case.
    pub second_answer_id: AnswerId,
    /// The score before, on the instrument's scale.
    pub score_before: i32,
    /// The score after.
    pub score_after: i32,
    /// Whether the score after is no longer low.
    pub recovered: bool,
    /// When the second answer was given (business time).
    pub occurred_at: DateTime<Utc>,
}
