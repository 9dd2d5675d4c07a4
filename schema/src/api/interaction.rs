//! The interaction service's API: purchases and returns; the timeline, contacts, cases, desks, gestures and
//! outreach have modules of their own.

mod batch;
mod calendar;
mod case;
mod contact;
mod desk;
mod gesture;
mod outreach;
mod owed;
mod plan;
mod standard;
mod step;
mod task;
mod timeline;

pub use batch::*;
pub use calendar::*;
pub use case::*;
pub use contact::*;
pub use desk::*;
pub use gesture::*;
pub use outreach::*;
pub use owed::*;
pub use plan::*;
pub use standard::*;
pub use step::*;
pub use task::*;
pub use timeline::*;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    customer::CustomerPath,
    page::Page,
    section::{Sections, SectionsWanted},
};
use crate::{
    access::{DEALERS, READERS, SERVICES},
    classified,
    ids::{CustomerId, OrgUnitId, PurchaseId, PurchaseReturnId, StaffId},
    value::{Currency, Milli, Minor},
};

super::endpoints! {
    /// Records a purchase.
    RecordPurchase = Command Post "/customers/{customer_id}/purchases" 201 for DEALERS => {
        path: CustomerPath, body: NewPurchase, reply: Purchase,
    }
    /// Records the return of some or all of a purchase.
    ReturnPurchase = Command Post "/customers/{customer_id}/purchases/{purchase_id}/returns" 201 for DEALERS => {
        path: PurchasePath, body: NewReturn, reply: Purchase,
    }
    /// One purchase with its lines and returns.
    GetPurchase = Read Get "/customers/{customer_id}/purchases/{purchase_id}" 200 for READERS => {
        path: PurchasePath, reply: Purchase,
    }
    /// What happened between the customer and us, newest first.
    GetTimeline = Read Get "/customers/{customer_id}/timeline" 200 for READERS => {
        path: CustomerPath, query: TimelineQuery, reply: Page<TimelineEntry>,
    }
    /// The timelines of several customers in one call; those out of scope are left out.
    GetTimelines = Read Post "/timelines" 200 for READERS => { body: TimelinesWanted, reply: Vec<TimelineOf> }
    /// A customer's dealings in figures, as of now.
    GetDealingsSummary = Read Get "/customers/{customer_id}/dealings" 200 for READERS => {
        path: CustomerPath, reply: DealingsSummary,
    }
    /// The dealings with several customers for the customer-360 view.
    GetDealingsSections = Read Post "/internal/sections" 200 for SERVICES => {
        body: SectionsWanted, reply: Sections<Dealings>,
    }
}

/// Which purchase of which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct PurchasePath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The purchase's id.
    pub purchase_id: PurchaseId,
}

/// How a contact or purchase came about.
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
pub enum Channel {
    /// By phone.
    Phone,
    /// On the web.
    Web,
    /// By chat.
    Chat,
    /// By SMS.
    Sms,
    /// By e-mail.
    Email,
    /// By a messenger service.
    Messenger,
    /// At the counter.
    Counter,
    /// On a visit.
    Visit,
}

/// A purchase to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewPurchase {
    /// Where it was made.
    pub org_unit_id: OrgUnitId,
    /// Who sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<StaffId>,
    /// How.
    pub channel: Channel,
    /// When (business time); not more than a day in the future.
    pub occurred_at: DateTime<Utc>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// What was bought: 1 to 200 lines.
    pub lines: Vec<NewPurchaseLine>,
}

/// A line of a purchase to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewPurchaseLine {
    /// The article's code, 1 to 64 characters.
    pub sku: String,
    /// How much, in thousandths of the article's unit; positive.
    pub quantity_milli: Milli,
    /// The price paid for the line; not negative.
    pub amount_minor: Minor,
}

/// A return to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewReturn {
    /// When (business time); not before the purchase.
    pub occurred_at: DateTime<Utc>,
    /// Why, as a code of 1 to 40 of a-z, 0-9 and hyphen.
    pub reason: String,
    /// What came back: 1 to 200 lines, each at most once.
    pub lines: Vec<NewReturnLine>,
}

/// A line of a return to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewReturnLine {
    /// The line of the purchase.
    pub line_no: i32,
    /// How much of it; with earlier returns not more than was bought.
    pub quantity_milli: Milli,
    /// The money given back; with earlier returns not more than was paid.
    pub amount_minor: Minor,
}

/// A purchase with what came back of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Purchase {
    /// Its id.
    pub id: PurchaseId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where it was made.
    pub org_unit_id: OrgUnitId,
    /// Who sold.
    pub staff_id: Option<StaffId>,
    /// How.
    pub channel: Channel,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The sum of the lines.
    pub total_minor: Minor,
    /// The sum given back.
    pub returned_minor: Minor,
    /// What was bought.
    pub lines: Vec<PurchaseLine>,
    /// What came back.
    pub returns: Vec<PurchaseReturn>,
    /// The customer's revision in this service after the command, or when read.
    pub revision: i64,
}

classified! { Purchase {
    id: plain, customer_id: plain, org_unit_id: plain, staff_id: plain, channel: plain, occurred_at: plain,
    currency: plain, total_minor: plain, returned_minor: plain, lines: plain, returns: plain, revision: plain,
} }

/// A line of a purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct PurchaseLine {
    /// Position, from 1.
    pub line_no: i32,
    /// The article's code.
    pub sku: String,
    /// How much was bought.
    pub quantity_milli: Milli,
    /// What was paid.
    pub amount_minor: Minor,
    /// How much came back.
    pub returned_quantity_milli: Milli,
    /// What was given back.
    pub returned_amount_minor: Minor,
}

/// A return of some or all of a purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct PurchaseReturn {
    /// Its id.
    pub id: PurchaseReturnId,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// The money given back.
    pub total_minor: Minor,
}

/// What was bought in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Turnover {
    /// The currency.
    pub currency: Currency,
    /// Purchases recorded.
    pub purchases: i32,
    /// Paid.
    pub total_minor: Minor,
    /// Given back.
    pub returned_minor: Minor,
}

/// What happens between the customer and us: section `dealings` of the view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Dealings {
    /// What was bought, by currency.
    pub turnover: Vec<Turnover>,
    /// When something was bought last (business time).
    pub last_purchase_at: Option<DateTime<Utc>>,
    /// The latest purchases, at most 10; their lines are asked of `purchase`.
    pub purchases: Vec<PurchaseSummary>,
    /// The latest of everything, at most 20.
    pub timeline: Vec<TimelineEntry>,
    /// Contacts by channel.
    #[serde(default)]
    pub contacts_by_channel: Vec<ChannelCount>,
    /// Contacts by phase of the journey.
    #[serde(default)]
    pub contacts_by_phase: Vec<PhaseCount>,
    /// When there was a contact last (business time).
    #[serde(default)]
    pub last_contact_at: Option<DateTime<Utc>>,
    /// How many cases are open.
    #[serde(default)]
    pub open_case_count: i32,
    /// The latest open cases, at most 10; fewer, but never below 3, when the section would become too large.
    #[serde(default)]
    pub open_cases: Vec<CaseSummary>,
    /// What we owe the customer: open cases, promises, hand-overs that wait, and tasks, the one due first coming
    /// first; at most 20, and fewer, but never below 3, when the section would become too large.
    #[serde(default)]
    pub owed: Vec<Owed>,
    /// How much is owed; what `owed` leaves out is due later than what it shows.
    #[serde(default)]
    pub owed_count: i32,
    /// Complaints that came up in the 90 days before the section was made.
    #[serde(default)]
    pub complaints_in_90_days: i32,
}

classified! { Dealings {
    turnover: plain, last_purchase_at: plain, purchases: plain, timeline: nested, contacts_by_channel: plain,
    contacts_by_phase: plain, last_contact_at: plain, open_case_count: plain, open_cases: nested,
    owed: plain, owed_count: plain,
    complaints_in_90_days: plain,
} }

/// A customer's dealings in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct DealingsSummary {
    /// Contacts by channel.
    pub contacts_by_channel: Vec<ChannelCount>,
    /// Contacts by phase of the journey.
    pub contacts_by_phase: Vec<PhaseCount>,
    /// When there was a contact last (business time).
    pub last_contact_at: Option<DateTime<Utc>>,
    /// How many cases are open.
    pub open_case_count: i32,
    /// Complaints that came up in the last 90 days.
    pub complaints_in_90_days: i32,
    /// When this was so.
    pub as_of: DateTime<Utc>,
}

classified! { DealingsSummary {
    contacts_by_channel: plain, contacts_by_phase: plain, last_contact_at: plain, open_case_count: plain,
    complaints_in_90_days: plain, as_of: plain,
} }

/// A purchase without its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct PurchaseSummary {
    /// Its id.
    pub id: PurchaseId,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
    /// Where.
    pub org_unit_id: OrgUnitId,
    /// How.
    pub channel: Channel,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The sum of the lines.
    pub total_minor: Minor,
    /// The sum given back.
    pub returned_minor: Minor,
}
