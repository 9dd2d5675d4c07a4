//! Cases: who is accountable, who handles them, and every step that they can take.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    CaseOffer, CaseReason, CaseResolution, CaseStandard, CaseStep, Escalation, Gesture, NewAccountable,
};
use crate::{
    access::{FRONT_OFFICE, READERS, Role},
    api::{customer::CustomerPath, page::Page},
    classified,
    ids::{AnswerId, CaseId, ContactId, CustomerId, HandOverId, OrgUnitId, StaffId},
};

/// Who may move accountability.
const MANAGERS: &[Role] = &[Role::Manager];

crate::api::endpoints! {
    /// Opens a case, from a contact or directly. Whoever received the contact is accountable to its end.
    OpenCase = Command Post "/customers/{customer_id}/cases" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewCase, reply: Case,
    }
    /// Offers a case to a colleague. Until it is accepted, it stays where it is.
    OfferCase = Command Post "/customers/{customer_id}/cases/{case_id}/offer" 200 for FRONT_OFFICE => {
        path: CasePath, body: CaseOffer, reply: Case,
    }
    /// Accepts a case that was offered to you: you handle it, the accountable person stays.
    AcceptCase = Command Post "/customers/{customer_id}/cases/{case_id}/accept" 200 for FRONT_OFFICE => {
        path: CasePath, body: CaseStep, reply: Case,
    }
    /// Declines a case that was offered to you, with a reason; a manager may do it for somebody absent.
    DeclineCase = Command Post "/customers/{customer_id}/cases/{case_id}/decline" 200 for FRONT_OFFICE => {
        path: CasePath, body: CaseReason, reply: Case,
    }
    /// Says when the customer heard from us first; once, and not after the case was resolved.
    RespondToCase = Command Post "/customers/{customer_id}/cases/{case_id}/respond" 200 for FRONT_OFFICE => {
        path: CasePath, body: CaseStep, reply: Case,
    }
    /// Resolves a case: we did what was to be done.
    ResolveCase = Command Post "/customers/{customer_id}/cases/{case_id}/resolve" 200 for FRONT_OFFICE => {
        path: CasePath, body: CaseResolution, reply: Case,
    }
    /// Closes a resolved case: the customer has nothing more to say about it.
    CloseCase = Command Post "/customers/{customer_id}/cases/{case_id}/close" 200 for FRONT_OFFICE => {
        path: CasePath, body: CaseStep, reply: Case,
    }
    /// Opens a resolved or closed case again, with a reason; the same person is accountable.
    ReopenCase = Command Post "/customers/{customer_id}/cases/{case_id}/reopen" 200 for FRONT_OFFICE => {
        path: CasePath, body: CaseReason, reply: Case,
    }
    /// Makes somebody else accountable, with a reason that the audit keeps; managers only.
    NameAccountable = Command Post "/customers/{customer_id}/cases/{case_id}/accountable" 200 for MANAGERS => {
        path: CasePath, body: NewAccountable, reply: Case,
    }
    /// One case with its hand-overs.
    GetCase = Read Get "/customers/{customer_id}/cases/{case_id}" 200 for READERS => {
        path: CasePath, reply: Case,
    }
    /// A customer's cases, newest first.
    ListCases = Read Get "/customers/{customer_id}/cases" 200 for READERS => {
        path: CustomerPath, query: CasesQuery, reply: Page<CaseSummary>,
    }
}

/// Which case of which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct CasePath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The case's id.
    pub case_id: CaseId,
}

/// Which part of a customer's cases.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CasesQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// How much a case matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A question.
    Low,
    /// Something is to be put right.
    Normal,
    /// The customer suffers from it.
    High,
    /// Harm, or the customer is about to leave.
    Critical,
}

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Somebody works on it.
    Open,
    /// It is offered to a colleague, who has not answered.
    Offered,
    /// We did what was to be done.
    Resolved,
    /// It is over.
    Closed,
}

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum HandOverState {
    /// Waits for an answer.
    Offered,
    /// The case went over.
    Accepted,
    /// It stayed.
    Declined,
}

/// A case to open.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewCase {
    /// Where it came up; a unit in your scope.
    pub org_unit_id: OrgUnitId,
    /// The contact that it came from: whoever had that is accountable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<ContactId>,
    /// Who is accountable; only a manager names somebody. Else whoever received the contact, or you.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accountable_id: Option<StaffId>,
    /// What it is about, as a code of 1 to 40 of a-z, 0-9 and hyphen.
    pub topic: String,
    /// Whether the customer complains; not, when absent.
    #[serde(default)]
    #[graphql(default)]
    pub complaint: bool,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about in words, in 1 to 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it came up (business time); now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<DateTime<Utc>>,
    /// By when it shall be resolved; not before it came up. When absent, it follows from the service standard
    /// of the topic and severity, and from the unit's calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
}

/// Something of a customer's that we put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where it came up.
    pub org_unit_id: OrgUnitId,
    /// The contact that it came from.
    pub contact_id: Option<ContactId>,
    /// What it is about, as a code.
    pub topic: String,
    /// How much it matters.
    pub severity: Severity,
    /// Whether the customer complained.
    #[serde(default)]
    pub complaint: bool,
    /// What it is about in words.
    pub subject: Option<String>,
    /// The answer with a low score that it follows up.
    #[serde(default)]
    pub answer_id: Option<AnswerId>,
    /// Whether the customer's score was no longer low after it; none when they were not asked again, or did
    /// not answer.
    #[serde(default)]
    pub recovered: Option<bool>,
    /// The low score, on its instrument's scale, when the customer answered again.
    #[serde(default)]
    pub score_before: Option<i32>,
    /// The score after the case, on the same scale.
    #[serde(default)]
    pub score_after: Option<i32>,
    /// The gestures made in it, the latest first, at most 20.
    #[serde(default)]
    pub gestures: Vec<Gesture>,
    /// Where it stands.
    pub state: CaseState,
    /// Who answers for it, from first contact to end.
    pub accountable_id: StaffId,
    /// Who works on it.
    pub handler_id: StaffId,
    /// To whom it is offered.
    pub offered_to_id: Option<StaffId>,
    /// When it came up (business time).
    pub occurred_at: DateTime<Utc>,
    /// By when it shall be resolved.
    pub due_at: DateTime<Utc>,
    /// The standard that the due time follows from; none when that was given by hand.
    #[serde(default)]
    pub standard: Option<CaseStandard>,
    /// When there is a warning that the due time is near.
    #[serde(default)]
    pub warn_at: Option<DateTime<Utc>>,
    /// By when the customer shall hear from us, when the standard says so.
    #[serde(default)]
    pub respond_by: Option<DateTime<Utc>>,
    /// When there is a warning that this time is near.
    #[serde(default)]
    pub respond_warn_at: Option<DateTime<Utc>>,
    /// When the customer heard from us first (business time).
    #[serde(default)]
    pub responded_at: Option<DateTime<Utc>>,
    /// Whether the time to respond was near or past and that was told; kept when the customer has heard from us.
    #[serde(default)]
    pub response_escalation: Option<Escalation>,
    /// Whether its due time is near or past and that was told; kept when it is resolved.
    #[serde(default)]
    pub escalation: Option<Escalation>,
    /// When it was resolved last (business time); none when it is not.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it was closed last (business time); none when it is not.
    pub closed_at: Option<DateTime<Utc>>,
    /// What came of it when it was resolved last, as a code; kept when it is opened again.
    pub outcome: Option<String>,
    /// What came of it when it was resolved last, in words.
    pub resolution: Option<String>,
    /// How often it was opened again.
    pub reopened: i32,
    /// How often it went over to another handler.
    pub transfers: i32,
    /// Whether it went over twice or more.
    pub bounced: bool,
    /// Whether it went back to whoever had just given it away.
    pub ping_pong: bool,
    /// Every offer, the first one first.
    pub hand_overs: Vec<HandOver>,
    /// The customer's revision in this service after the command, or when read.
    pub revision: i64,
}

classified! { Case {
    id: plain, customer_id: plain, org_unit_id: plain, contact_id: plain, topic: plain, severity: plain,
    complaint: plain, subject: sensitive, answer_id: plain, recovered: plain, score_before: value,
    score_after: value, gestures: nested, state: plain, accountable_id: plain, handler_id: plain,
    offered_to_id: plain, occurred_at: plain, due_at: plain, standard: plain, warn_at: plain,
    respond_by: plain, respond_warn_at: plain, responded_at: plain, response_escalation: plain,
    escalation: plain, resolved_at: plain, closed_at: plain,
    outcome: plain,
    resolution: sensitive, reopened: plain, transfers: plain, bounced: plain, ping_pong: plain,
    hand_overs: nested, revision: plain,
} }

/// An offer of a case, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct HandOver {
    /// Its id.
    pub id: HandOverId,
    /// Who handled the case.
    pub from_staff_id: StaffId,
    /// To whom it was offered.
    pub to_staff_id: StaffId,
    /// When it was offered (business time).
    pub occurred_at: DateTime<Utc>,
    /// Why.
    pub reason: Option<String>,
    /// What became of it.
    pub state: HandOverState,
    /// When it was answered (business time).
    pub answered_at: Option<DateTime<Utc>>,
    /// Why it was declined.
    pub decline_reason: Option<String>,
}

classified! { HandOver {
    id: plain, from_staff_id: plain, to_staff_id: plain, occurred_at: plain, reason: sensitive, state: plain,
    answered_at: plain, decline_reason: sensitive,
} }

/// A case without words and hand-overs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct CaseSummary {
    /// Its id.
    pub id: CaseId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where it came up.
    pub org_unit_id: OrgUnitId,
    /// What it is about, as a code.
    pub topic: String,
    /// How much it matters.
    pub severity: Severity,
    /// Whether the customer complained.
    #[serde(default)]
    pub complaint: bool,
    /// The answer with a low score that it follows up.
    #[serde(default)]
    pub answer_id: Option<AnswerId>,
    /// Where it stands.
    pub state: CaseState,
    /// Who answers for it.
    pub accountable_id: StaffId,
    /// Who works on it.
    pub handler_id: StaffId,
    /// When it came up (business time).
    pub occurred_at: DateTime<Utc>,
    /// By when it shall be resolved.
    pub due_at: DateTime<Utc>,
    /// How often it went over to another handler.
    pub transfers: i32,
    /// Whether it went back to whoever had just given it away.
    pub ping_pong: bool,
    /// Whether its due time is near or past.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Escalation>,
    /// Whether the time to respond is near or past, while the customer has not heard from us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_escalation: Option<Escalation>,
}

classified! { CaseSummary {
    id: plain, customer_id: plain, org_unit_id: plain, topic: plain, severity: plain, complaint: plain,
    answer_id: plain, state: plain, accountable_id: plain, handler_id: plain, occurred_at: plain,
    due_at: plain, transfers: plain, ping_pong: plain, escalation: plain, response_escalation: plain,
} }
