//! The timeline: everything that happened, newest first.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Channel, Phase};
use crate::{
    access::{ClassifiedField, Mask, Viewer},
    api::page::Page,
    classified,
    ids::{CaseId, ContactId, CustomerId, GestureId, OrgUnitId, PurchaseId, StaffId, TaskId},
    value::{Currency, Minor},
};

/// Which part of a timeline. Every filter narrows it; a cursor belongs to the filters that it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct TimelineQuery {
    /// Only what came about this way; no step of a case does.
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
    /// A case was opened.
    CaseOpened,
    /// A case went over to another handler, or somebody else became accountable.
    CaseHandedOver,
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
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct TimelineEntry {
    /// The id of the purchase, return or contact, or of the step of a case, task or gesture.
    pub id: uuid::Uuid,
    /// What it was.
    pub kind: TimelineKind,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
    /// Where.
    pub org_unit_id: OrgUnitId,
    /// How; none for a step of a case, task or gesture.
    pub channel: Option<Channel>,
    /// The purchase that it belongs to.
    pub purchase_id: Option<PurchaseId>,
    /// The currency of the amount.
    pub currency: Option<Currency>,
    /// Paid by the customer, negative when given back; of a gesture what we give, negative when it came back.
    pub amount_minor: Option<Minor>,
    /// The contact that it was or came from.
    pub contact_id: Option<ContactId>,
    /// The case that it belongs to.
    pub case_id: Option<CaseId>,
    /// The task that it is a step of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<TaskId>,
    /// The gesture that it belongs to.
    #[serde(default)]
    pub gesture_id: Option<GestureId>,
}

classified! { TimelineEntry {
    id: plain, kind: plain, occurred_at: plain, org_unit_id: plain, channel: plain, purchase_id: plain,
    currency: plain, amount_minor: plain, contact_id: plain, case_id: plain,
    task_id: plain,
    gesture_id: plain,
} }
