//! The timeline: everything that happened, newest first.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Channel, Phase};
use crate::{
    access::{ClassifiedField, Mask, Viewer},
    api::page::Page,
    classified,
    ids::{
        AnswerId, CaseId, ContactId, CustomerId, GestureId, InvitationId, OrgUnitId, OutreachId, PurchaseId,
        StaffId, TaskId,
    },
    value::{Currency, Minor},
};

/// Which part of a timeline. Every filter narrows it; a cursor belongs to the filters that it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct TimelineQuery {
    /// Only contacts, purchases, returns and granted outreaches on this channel; no other step has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Only contacts in this phase of the journey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Only this kind of thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<TimelineKind>,
    /// Only what happened at this time or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Only what happened before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// Only contacts that this person had, what they sold, and steps that they took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<StaffId>,
    /// Only what happened in this unit or below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_unit_id: Option<OrgUnitId>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which timelines.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimelinesWanted {
    /// At most 200 customers, each at most once.
    pub of: Vec<TimelineWanted>,
    /// The entries for each, at most 50.
    pub limit: u32,
}

/// Which part of one customer's timeline.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimelineWanted {
    /// Whose.
    pub customer_id: CustomerId,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// One customer's timeline.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TimelineOf {
    /// Whose.
    pub customer_id: CustomerId,
    /// The page.
    pub page: Page<TimelineEntry>,
}

impl Mask for TimelineOf {
    const FIELDS: &'static [ClassifiedField] = TimelineEntry::FIELDS;
    fn mask(&mut self, viewer: &Viewer) {
        self.page.mask(viewer);
    }
}

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// A purchase.
    Purchase,
    /// A return.
    Return,
    /// A contact.
    Contact,
    /// A promise was made in a contact.
    PromiseMade,
    /// A promise was kept.
    PromiseKept,
    /// A promise was broken.
    PromiseBroken,
    /// The due time of a promise was missed.
    PromiseBreached,
    /// A case was opened.
    CaseOpened,
    /// A case was offered to a colleague.
    CaseOffered,
    /// A colleague declined a case.
    CaseDeclined,
    /// A case went over to another handler, or somebody else became accountable.
    CaseHandedOver,
    /// The customer heard from us first about a case.
    CaseResponded,
    /// A case was resolved.
    CaseResolved,
    /// A case was closed.
    CaseClosed,
    /// A case was opened again.
    CaseReopened,
    /// The due time of a case came near.
    CaseWarned,
    /// The due time of a case was missed.
    CaseBreached,
    /// The time by which the customer shall hear from us about a case came near.
    CaseResponseWarned,
    /// The time by which the customer shall hear from us about a case was missed.
    CaseResponseBreached,
    /// A task was opened.
    TaskOpened,
    /// A task was given to somebody else.
    TaskReassigned,
    /// A task was done.
    TaskDone,
    /// A task was cancelled.
    TaskCancelled,
    /// The due time of a task was missed.
    TaskBreached,
    /// A gesture was asked for that is above the authority of whoever asked.
    GestureEscalated,
    /// A gesture was given.
    GestureGiven,
    /// A gesture was refused.
    GestureRefused,
    /// A gesture came back.
    GestureReversed,
    /// The customer may be reached of our own accord.
    OutreachGranted,
    /// The customer is not reached of our own accord.
    OutreachHeld,
    /// The customer is invited to answer.
    InvitationCreated,
    /// The customer answered a single question; what they said is the survey's to show.
    AnswerReceived,
    /// The customer answered a questionnaire.
    QuestionnaireAnswered,
    /// A customer who had given a low score was asked again and answered.
    RecoveryMeasured,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct TimelineEntry {
    /// The id of the purchase, return or contact, or of the step.
    pub id: uuid::Uuid,
    /// What it was.
    pub kind: TimelineKind,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
    /// Where.
    pub org_unit_id: OrgUnitId,
    /// How, of a contact, purchase, return and granted outreach; none for other steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Who had the contact, sold, or took the step; none when that is nobody who works for us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<StaffId>,
    /// The purchase that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_id: Option<PurchaseId>,
    /// The currency of the amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Paid by the customer, negative when given back; of a gesture what we give, negative when it came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Minor>,
    /// The contact that it was or came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<ContactId>,
    /// The case that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// The task that it is a step of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<TaskId>,
    /// The gesture that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gesture_id: Option<GestureId>,
    /// The proposal to reach the customer that was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outreach_id: Option<OutreachId>,
    /// The invitation that was made, or that the answer follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation_id: Option<InvitationId>,
    /// The answer that came; of a recovery the one after the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_id: Option<AnswerId>,
}

impl TimelineEntry {
    /// An entry that says only what happened, when and where.
    pub const fn new(
        id: uuid::Uuid,
        kind: TimelineKind,
        occurred_at: DateTime<Utc>,
        org_unit_id: OrgUnitId,
    ) -> Self {
        Self {
            id,
            kind,
            occurred_at,
            org_unit_id,
            channel: None,
            staff_id: None,
            purchase_id: None,
            currency: None,
            amount_minor: None,
            contact_id: None,
            case_id: None,
            task_id: None,
            gesture_id: None,
            outreach_id: None,
            invitation_id: None,
            answer_id: None,
        }
    }
}

classified! { TimelineEntry {
    id: plain, kind: plain, occurred_at: plain, org_unit_id: plain, channel: plain, staff_id: plain,
    purchase_id: plain, currency: plain, amount_minor: plain, contact_id: plain, case_id: plain,
    task_id: plain, gesture_id: plain, outreach_id: plain, invitation_id: plain, answer_id: plain,
} }
