//! Contacts on any channel, and what was promised in them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Channel;
use crate::{
    access::{FRONT_OFFICE, READERS},
    api::{customer::CustomerPath, page::Page},
    classified,
    ids::{ContactId, CustomerId, OrgUnitId, StaffId},
};

crate::api::endpoints! {
    /// Records a contact, inbound or outbound, with what was promised in it.
    RecordContact = Command Post "/customers/{customer_id}/contacts" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewContact, reply: Contact,
    }
    /// Says whether the promise of a contact was kept or broken; said once.
    SettlePromise = Command Post "/customers/{customer_id}/contacts/{contact_id}/promise" 200 for FRONT_OFFICE => {
        path: ContactPath, body: PromiseOutcome, reply: Contact,
    }
    /// One contact.
    GetContact = Read Get "/customers/{customer_id}/contacts/{contact_id}" 200 for READERS => {
        path: ContactPath, reply: Contact,
    }
    /// A customer's contacts, newest first.
    ListContacts = Read Get "/customers/{customer_id}/contacts" 200 for READERS => {
        path: CustomerPath, query: ContactsQuery, reply: Page<Contact>,
    }
}

/// Which contact of which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct ContactPath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The contact's id.
    pub contact_id: ContactId,
}

/// Which part of a customer's contacts.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ContactsQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Who began a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum ContactDirection {
    /// The customer came to us.
    Inbound,
    /// We went to the customer.
    Outbound,
}

/// Where on the customer's journey a contact was.
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
pub enum Phase {
    /// Before a sale.
    Presales,
    /// During a sale.
    Sales,
    /// After a sale.
    Aftersales,
}

/// What became of a promise. Only an open one can be settled, and it is settled once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum PromiseState {
    /// To be kept.
    Open,
    /// Was kept.
    Kept,
    /// Was not.
    Broken,
}

/// A contact to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// Where; a unit in your scope.
    pub org_unit_id: OrgUnitId,
    /// Who had it. Whoever records it when absent; only a manager names another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<StaffId>,
    /// How.
    pub channel: Channel,
    /// Who began it.
    pub direction: ContactDirection,
    /// Where on the journey.
    pub phase: Phase,
    /// When (business time); not more than a day in the future.
    pub occurred_at: DateTime<Utc>,
    /// What it was about, as a code of 1 to 40 of a-z, 0-9 and hyphen.
    pub topic: String,
    /// What was said, in 1 to 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// What came of it, as a code of 1 to 40 of a-z, 0-9 and hyphen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Of an outbound contact: whether the customer answered; left out when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<bool>,
    /// What we promised to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<NewPromise>,
}

/// A promise to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewPromise {
    /// What will be done, as a code of 1 to 40 of a-z, 0-9 and hyphen.
    pub what: String,
    /// In words, in 1 to 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Who will do it; whoever had the contact when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<StaffId>,
    /// By when; not before the contact.
    pub due_at: DateTime<Utc>,
}

/// Whether a promise was kept.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct PromiseOutcome {
    /// Whether it was; otherwise it was broken.
    pub kept: bool,
    /// When that was so (business time); now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<DateTime<Utc>>,
}

/// A contact between a customer and us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where.
    pub org_unit_id: OrgUnitId,
    /// Who had it; none when it was recorded by somebody who is not on our staff.
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
    /// What was said.
    pub notes: Option<String>,
    /// What came of it, as a code.
    pub outcome: Option<String>,
    /// Of an outbound contact: whether the customer answered; none when that is not known.
    #[serde(default)]
    pub answered: Option<bool>,
    /// What we promised to do next.
    pub promise: Option<Promise>,
    /// The customer's revision in this service after the command, or when read.
    pub revision: i64,
}

classified! { Contact {
    id: plain, customer_id: plain, org_unit_id: plain, staff_id: plain, channel: plain, direction: plain,
    phase: plain, occurred_at: plain, topic: plain, notes: sensitive, outcome: plain, answered: plain,
    promise: nested, revision: plain,
} }

/// Something that we promised a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Promise {
    /// What will be done, as a code.
    pub what: String,
    /// In words.
    pub notes: Option<String>,
    /// Who will do it.
    pub staff_id: Option<StaffId>,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// What became of it.
    pub state: PromiseState,
    /// When it was kept or broken (business time).
    pub settled_at: Option<DateTime<Utc>>,
    /// Whether its due time was missed, and charged to whoever was to keep it then.
    #[serde(default)]
    pub breached: bool,
}

classified! { Promise {
    what: plain, notes: sensitive, staff_id: plain, due_at: plain, state: plain, settled_at: plain,
    breached: plain,
} }

/// How many contacts there were on one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ChannelCount {
    /// The channel.
    pub channel: Channel,
    /// The contacts.
    pub contacts: i32,
}

/// How many contacts there were in one phase of the journey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct PhaseCount {
    /// The phase.
    pub phase: Phase,
    /// The contacts.
    pub contacts: i32,
}
