//! Gestures of goodwill: what somebody may give of their own authority, who decides about more, and the
//! ledger of what was given and came back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{ADMINISTRATORS, EVERYONE, FRONT_OFFICE, READERS, Role},
    api::{
        customer::{CustomerPath, OrgUnitKind},
        page::Page,
    },
    classified,
    ids::{CaseId, CustomerId, GestureEntryId, GestureId, OrgUnitId, StaffId},
    value::{Currency, Minor},
};

/// Who decides about more than somebody may give alone.
const LEADERS: &[Role] = &[Role::Manager, Role::Executive];

crate::api::endpoints! {
    /// Asks for a gesture. Within your authority it is given at once; above it, it waits for somebody who may.
    AskGesture = Command Post "/customers/{customer_id}/gestures" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewGesture, reply: Gesture,
    }
    /// Gives a gesture that somebody else asked for, out of your own authority.
    ApproveGesture = Command Post "/customers/{customer_id}/gestures/{gesture_id}/approve" 200 for LEADERS => {
        path: GesturePath, body: GestureStep, reply: Gesture,
    }
    /// Refuses a gesture that somebody else asked for, with a reason.
    RefuseGesture = Command Post "/customers/{customer_id}/gestures/{gesture_id}/refuse" 200 for LEADERS => {
        path: GesturePath, body: GestureReason, reply: Gesture,
    }
    /// The customer gave a gesture back: the ledger nets out, what was given stays on record.
    ReverseGesture = Command Post "/customers/{customer_id}/gestures/{gesture_id}/reverse" 200 for FRONT_OFFICE => {
        path: GesturePath, body: GestureReason, reply: Gesture,
    }
    /// One gesture with its ledger.
    GetGesture = Read Get "/customers/{customer_id}/gestures/{gesture_id}" 200 for READERS => {
        path: GesturePath, reply: Gesture,
    }
    /// A customer's gestures with their ledgers, the one asked for last coming first.
    ListCustomerGestures = Read Get "/customers/{customer_id}/gestures" 200 for READERS => {
        path: CustomerPath, query: CustomerGesturesQuery, reply: Page<Gesture>,
    }
    /// Gestures for the customers in your scope, the one asked for first coming first.
    ListGestures = Read Get "/gestures" 200 for LEADERS => { query: GesturesQuery, reply: Page<Gesture> }
    /// Who may give how much.
    GetAuthorityMatrix = Read Get "/authority-matrix" 200 for EVERYONE => { reply: AuthorityMatrix }
    /// Says anew, as a whole, who may give how much.
    SetAuthorityMatrix = Command Patch "/authority-matrix" 200 for ADMINISTRATORS => {
        body: NewAuthorityMatrix, reply: AuthorityMatrix,
    }
    /// What each member of staff of your organisation gave in a month, net of what came back.
    ReportGestures = Read Get "/reports/gestures" 200 for LEADERS => {
        query: GestureReportQuery, reply: Page<GestureSpend>,
    }
}

/// Where a gesture stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
pub enum GestureState {
    /// Above the limit of whoever asked: waits for somebody who may.
    Escalated,
    /// Given.
    Approved,
    /// Not given.
    Refused,
    /// Given, and the customer gave it back.
    Reversed,
}

/// Which gesture for which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct GesturePath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The gesture's id.
    pub gesture_id: GestureId,
}

/// A gesture to ask for. It needs no purchase and no receipt.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewGesture {
    /// Where; a unit in your scope.
    pub org_unit_id: OrgUnitId,
    /// The case that it belongs to, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// What it costs, 1 to 1,000,000,000 minor units.
    pub amount_minor: Minor,
    /// The currency of the amount.
    pub currency: Currency,
    /// Why, as a code of 1 to 40 of a-z, 0-9 and hyphen.
    pub reason: String,
    /// In words, in 1 to 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// When it was asked for (business time); now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<DateTime<Utc>>,
}

/// A step that needs no words.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct GestureStep {
    /// When (business time); now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<DateTime<Utc>>,
}

/// A step that needs a reason.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct GestureReason {
    /// Why, in 1 to 500 characters.
    pub reason: String,
    /// When (business time); now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<DateTime<Utc>>,
}

/// Something that we give a customer to put things right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Gesture {
    /// Its id.
    pub id: GestureId,
    /// For whom.
    pub customer_id: CustomerId,
    /// Where.
    pub org_unit_id: OrgUnitId,
    /// The case that it belongs to.
    pub case_id: Option<CaseId>,
    /// What it costs.
    pub amount_minor: Minor,
    /// The currency of every amount.
    pub currency: Currency,
    /// Why, as a code.
    pub reason: String,
    /// In words.
    pub notes: Option<String>,
    /// Where it stands.
    pub state: GestureState,
    /// Who asked for it.
    pub asked_by_id: StaffId,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
    /// While it is escalated: the lowest authority by the matrix that covers it; none when nobody's does.
    pub needs: Option<NeededAuthority>,
    /// Who gave or refused it.
    pub decided_by_id: Option<StaffId>,
    /// When it was given or refused (business time).
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    pub refusal: Option<String>,
    /// What became of it, as a code: `returned` when the customer gave it back.
    pub outcome: Option<String>,
    /// What it cost in the end: the sum of the entries.
    pub net_minor: Minor,
    /// The ledger: what was given and what came back, the first one first.
    pub entries: Vec<GestureEntry>,
    /// The customer's revision in this service after the command, or when read.
    pub revision: i64,
}

classified! { Gesture {
    id: plain, customer_id: plain, org_unit_id: plain, case_id: plain, amount_minor: plain, currency: plain,
    reason: plain, notes: sensitive, state: plain, asked_by_id: plain, occurred_at: plain, needs: plain,
    decided_by_id: plain, decided_at: plain, refusal: sensitive, outcome: plain, net_minor: plain,
    entries: plain, revision: plain,
} }

/// An authority that covers an amount.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct NeededAuthority {
    /// The role.
    pub role: Role,
    /// The kind of unit that they work for; any when absent.
    pub unit_kind: Option<OrgUnitKind>,
}

/// One entry of a gesture's ledger; entries are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct GestureEntry {
    /// Its id.
    pub id: GestureEntryId,
    /// Whose monthly budget it counts for: who gave the gesture.
    pub staff_id: StaffId,
    /// Positive when given, negative when it came back.
    pub amount_minor: Minor,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
}

/// Which part of a customer's gestures.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CustomerGesturesQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which gestures.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct GesturesQuery {
    /// Only those that stand here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<GestureState>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Who may give how much. Whoever has no line for a currency gives nothing in it without asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct AuthorityMatrix {
    /// The lines, at most one for each role, kind of unit and currency.
    pub lines: Vec<AuthorityLine>,
    /// How often it was set.
    pub revision: i64,
}

classified! { AuthorityMatrix { lines: plain, revision: plain } }

/// The matrix as it shall be.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewAuthorityMatrix {
    /// All lines, at most 200; at most one for each role, kind of unit and currency.
    pub lines: Vec<AuthorityLine>,
}

/// What a role may give.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "AuthorityLineInput")]
pub struct AuthorityLine {
    /// The role.
    pub role: Role,
    /// The kind of unit that the person works for. A line that names it goes before the role's line for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_kind: Option<OrgUnitKind>,
    /// The currency of both amounts.
    pub currency: Currency,
    /// The most for one gesture, 0 or more minor units; without limit when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_minor: Option<Minor>,
    /// The most that one person gives in a calendar month (UTC), 0 or more minor units; without limit when
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_minor: Option<Minor>,
}

/// Which month, and which part of the list.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct GestureReportQuery {
    /// The month (UTC), as `2026-11`.
    pub month: String,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// What one person gave in a month in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct GestureSpend {
    /// Who.
    pub staff_id: StaffId,
    /// The currency.
    pub currency: Currency,
    /// How many gestures they gave.
    pub given: i64,
    /// How many of these came back.
    pub returned: i64,
    /// What they cost, less what came back.
    pub net_minor: Minor,
}

classified! { GestureSpend {
    staff_id: plain, currency: plain, given: plain, returned: plain, net_minor: plain,
} }
