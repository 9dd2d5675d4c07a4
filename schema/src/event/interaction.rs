//! What the interaction service tells: purchases and returns, contacts, cases.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    api::{
        customer::ConsentPurpose,
        interaction::{
            CaseState, Channel, ContactDirection, GestureState, HeldBecause, Phase, Severity, TaskKind,
            TaskState, TimelineKind,
        },
    },
    ids::{
        AnswerId, CaseId, ContactId, CustomerId, GestureId, OrgUnitId, OutreachId, PurchaseId,
        PurchaseReturnId, StaffId, TaskId,
    },
    value::{Currency, Milli, Minor},
};

/// A purchase was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PurchaseRecorded {
    /// Which purchase.
    pub purchase_id: PurchaseId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where it was made.
    pub org_unit_id: OrgUnitId,
    /// Who sold, when known.
    pub staff_id: Option<StaffId>,
    /// When it was made (business time).
    pub occurred_at: DateTime<Utc>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The sum of the lines.
    pub total_minor: Minor,
    /// What was bought.
    pub lines: Vec<Line>,
}

/// One line of a purchase or return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Line {
    /// Position in the purchase, from 1.
    pub line_no: i32,
    /// The article's code.
    pub sku: String,
    /// How much, in thousandths of the article's unit.
    pub quantity_milli: Milli,
    /// The price paid for the line.
    pub amount_minor: Minor,
}

/// Some or all of a purchase was returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PurchaseReturned {
    /// Which return.
    pub return_id: PurchaseReturnId,
    /// Of which purchase.
    pub purchase_id: PurchaseId,
    /// Whose.
    pub customer_id: CustomerId,
    /// When it was returned (business time).
    pub occurred_at: DateTime<Utc>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The money given back.
    pub total_minor: Minor,
    /// What earlier returns of the same purchase had given back, so that a consumer needs no order.
    pub returned_before_minor: Minor,
    /// What came back.
    pub lines: Vec<Line>,
}

/// A contact was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ContactRecorded {
    /// Which contact.
    pub contact_id: ContactId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where.
    pub org_unit_id: OrgUnitId,
    /// Who had it, when known.
    pub staff_id: Option<StaffId>,
    /// How.
    pub channel: Channel,
    /// Who began it.
    pub direction: ContactDirection,
    /// Where on the journey.
    pub phase: Phase,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
    /// What it was about, as a code.
    pub topic: String,
    /// What came of it, as a code.
    pub outcome: Option<String>,
    /// By when a promise is due, when one was made.
    pub promise_due_at: Option<DateTime<Utc>>,
    /// Of an outbound contact: whether the customer answered; absent when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<bool>,
}

/// A case was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseOpened {
    /// Which case.
    pub case_id: CaseId,
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
    /// Who answers for it.
    pub accountable_id: StaffId,
    /// When it came up (business time).
    pub occurred_at: DateTime<Utc>,
    /// By when it shall be resolved.
    pub due_at: DateTime<Utc>,
    /// Whether the customer complained; absent in what was told before complaints were told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complaint: Option<bool>,
    /// The answer with a low score that it follows up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_id: Option<AnswerId>,
}

/// What of a case was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandedOver {
    /// The work on it; the accountable person stays.
    Handling,
    /// Accountability, by a manager.
    Accountability,
}

/// A case went over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseHandedOver {
    /// Which case.
    pub case_id: CaseId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where it came up.
    pub org_unit_id: OrgUnitId,
    /// What went over.
    pub what: HandedOver,
    /// Who had it.
    pub from_staff_id: StaffId,
    /// Who has it.
    pub to_staff_id: StaffId,
    /// How often the case went over to another handler, this time included.
    pub transfers: i32,
    /// Whether it went back to whoever had just given it away.
    pub ping_pong: bool,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
}

/// A case was offered, declined, responded to, resolved, closed or opened again; the message's type says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseMoved {
    /// Which case.
    pub case_id: CaseId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where it came up.
    pub org_unit_id: OrgUnitId,
    /// What it is about, as a code.
    pub topic: String,
    /// How much it matters.
    pub severity: Severity,
    /// Where it stands now.
    pub state: CaseState,
    /// Who answers for it.
    pub accountable_id: StaffId,
    /// Who works on it.
    pub handler_id: StaffId,
    /// When it came up (business time).
    pub opened_at: DateTime<Utc>,
    /// By when it was to be resolved.
    pub due_at: DateTime<Utc>,
    /// When it was offered, declined, responded to, resolved, closed or opened again (business time).
    pub occurred_at: DateTime<Utc>,
    /// What came of it, as a code.
    pub outcome: Option<String>,
    /// How often it went over to another handler.
    pub transfers: i32,
    /// How often it was opened again.
    pub reopened: i32,
    /// Whether the customer complained; absent in what was told before complaints were told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complaint: Option<bool>,
    /// The answer with a low score that it follows up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_id: Option<AnswerId>,
}

/// How near a due time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Breach {
    /// It is near: a warning before the breach.
    Warning,
    /// It is past, and the work is not done.
    Breach,
}

/// The due time of a case is near or past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseBreached {
    /// Which case.
    pub case_id: CaseId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where it came up.
    pub org_unit_id: OrgUnitId,
    /// What it is about, as a code.
    pub topic: String,
    /// How much it matters.
    pub severity: Severity,
    /// Who answers for it: the breach is theirs, whoever works on it.
    pub accountable_id: StaffId,
    /// Who works on it.
    pub handler_id: StaffId,
    /// Near or past.
    pub breach: Breach,
    /// By when it was to be resolved.
    pub due_at: DateTime<Utc>,
}

/// The time by which the customer was to hear from us about a case is near or past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseResponseBreached {
    /// Which case.
    pub case_id: CaseId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where it came up.
    pub org_unit_id: OrgUnitId,
    /// What it is about, as a code.
    pub topic: String,
    /// How much it matters.
    pub severity: Severity,
    /// Who answers for it: the breach is theirs, whoever works on it.
    pub accountable_id: StaffId,
    /// Who works on it.
    pub handler_id: StaffId,
    /// Near or past.
    pub breach: Breach,
    /// By when the customer was to hear from us.
    pub respond_by: DateTime<Utc>,
}

/// A task was opened, done, cancelled, given to somebody else or missed its time; the message's type says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TaskMoved {
    /// Which task.
    pub task_id: TaskId,
    /// Whose: the customer that it is done for.
    pub customer_id: CustomerId,
    /// Where.
    pub org_unit_id: OrgUnitId,
    /// Why it is there.
    pub kind: TaskKind,
    /// What is to be done, as a code.
    pub what: String,
    /// Where it stands now.
    pub state: TaskState,
    /// Who does it.
    pub owner_id: StaffId,
    /// The case that it is part of.
    pub case_id: Option<CaseId>,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// When it was opened, done, cancelled, given on or missed (business time).
    pub occurred_at: DateTime<Utc>,
}

/// A promise was kept or broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PromiseSettled {
    /// The contact in which it was made.
    pub contact_id: ContactId,
    /// Whose: the customer that it was made to.
    pub customer_id: CustomerId,
    /// Whether it was kept.
    pub kept: bool,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
}

/// A promise was not settled in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PromiseBreached {
    /// The contact in which it was made.
    pub contact_id: ContactId,
    /// Whose: the customer that it was made to.
    pub customer_id: CustomerId,
    /// Where.
    pub org_unit_id: OrgUnitId,
    /// What was promised, as a code.
    pub what: String,
    /// Who was to keep it; absent when nobody who works for us was named.
    pub staff_id: Option<StaffId>,
    /// By when.
    pub due_at: DateTime<Utc>,
}

/// A gesture was asked for, decided or given back; its state says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GestureMoved {
    /// Which gesture.
    pub gesture_id: GestureId,
    /// Whose: the customer that it is for.
    pub customer_id: CustomerId,
    /// Where.
    pub org_unit_id: OrgUnitId,
    /// The case that it belongs to.
    pub case_id: Option<CaseId>,
    /// Where it stands now.
    pub state: GestureState,
    /// What it costs.
    pub amount_minor: Minor,
    /// The currency of the amount.
    pub currency: Currency,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
}

/// What another service told, such as an answer, was put on a customer's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TimelineExtended {
    /// The entry's id.
    pub entry_id: uuid::Uuid,
    /// Whose timeline.
    pub customer_id: CustomerId,
    /// What happened.
    pub kind: TimelineKind,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
}

/// An outreach was granted: the customer may be reached, by this channel and in this span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OutreachGranted {
    /// Which proposal.
    pub outreach_id: OutreachId,
    /// Whom.
    pub customer_id: CustomerId,
    /// What for.
    pub purpose: ConsentPurpose,
    /// How.
    pub channel: Channel,
    /// Not before this time; the customer's quiet hours are over then.
    pub not_before: DateTime<Utc>,
    /// When it was decided.
    pub occurred_at: DateTime<Utc>,
}

/// An outreach was held: the customer is not reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OutreachHeld {
    /// Which proposal.
    pub outreach_id: OutreachId,
    /// Whom.
    pub customer_id: CustomerId,
    /// What for.
    pub purpose: ConsentPurpose,
    /// Why not.
    pub because: HeldBecause,
    /// When it was decided.
    pub occurred_at: DateTime<Utc>,
}
