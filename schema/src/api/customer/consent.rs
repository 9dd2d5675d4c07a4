//! What a customer allows us: consents by purpose and channel, and the times at which we keep quiet.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CustomerFile, CustomerPath};
use crate::{
    access::{FRONT_OFFICE, READERS},
    api::{interaction::Channel, page::Page},
    classified,
    ids::ConsentId,
};

crate::api::endpoints! {
    /// Records one word of the customer on a purpose and a channel: granted, denied or withdrawn. Earlier words stay.
    RecordConsent = Command Post "/customers/{customer_id}/consents" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewConsent, reply: CustomerFile,
    }
    /// What the customer allows us, now or as of a time: the word that counts on each purpose and channel.
    GetConsents = Read Get "/customers/{customer_id}/consents" 200 for READERS => {
        path: CustomerPath, query: ConsentsQuery, reply: Consents,
    }
    /// Every word of the customer on what we may reach them for, given last first.
    ListConsentWords = Read Get "/customers/{customer_id}/consents/history" 200 for READERS => {
        path: CustomerPath, query: ConsentFilter, reply: Page<ConsentWord>,
    }
}

/// What we would reach a customer for.
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
pub enum ConsentPurpose {
    /// To serve them: deliveries, cases, promises. Allowed unless denied.
    Service,
    /// To ask what they think. Only with consent.
    Survey,
    /// To offer them something. Only with consent.
    Marketing,
}

/// What a customer said about a purpose on a channel.
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
pub enum ConsentStatus {
    /// They agreed.
    Granted,
    /// They refused when asked.
    Denied,
    /// They took back what they had agreed to.
    Withdrawn,
}

/// A consent as it holds, for one purpose and channel; the latest word counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct HeldConsent {
    /// For what.
    pub purpose: ConsentPurpose,
    /// On which channel.
    pub channel: Channel,
    /// What was said.
    pub status: ConsentStatus,
    /// Until when a grant holds; without end when absent.
    pub expires_at: Option<DateTime<Utc>>,
}

classified! { HeldConsent { purpose: plain, channel: plain, status: plain, expires_at: plain } }

/// One word of a customer on a purpose and a channel, with where we have it from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ConsentWord {
    /// Its id.
    pub id: ConsentId,
    /// For what.
    pub purpose: ConsentPurpose,
    /// On which channel.
    pub channel: Channel,
    /// What was said.
    pub status: ConsentStatus,
    /// When it was said (business time).
    pub given_at: DateTime<Utc>,
    /// Until when a grant holds; without end when absent.
    pub expires_at: Option<DateTime<Utc>>,
    /// Where we have it from.
    pub source: String,
    /// Who said it, when it was not the customer; masked by role.
    pub said_by: Option<String>,
    /// Who wrote it down: the staff code, or the account that sent it.
    pub recorded_by: Option<String>,
    /// When we wrote it down.
    pub recorded_at: DateTime<Utc>,
}

classified! { ConsentWord {
    id: plain, purpose: plain, channel: plain, status: plain, given_at: plain, expires_at: plain, source: plain,
    said_by: identity, recorded_by: plain, recorded_at: plain,
} }

/// Whether we may reach a customer for a purpose on a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Allowance {
    /// For what.
    pub purpose: ConsentPurpose,
    /// On which channel.
    pub channel: Channel,
    /// Whether we may. Quiet hours are another matter.
    pub is_allowed: bool,
}

classified! { Allowance { purpose: plain, channel: plain, is_allowed: plain } }

/// What a customer allows us at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Consents {
    /// When.
    pub at: DateTime<Utc>,
    /// The latest word on each purpose and channel on which there is one.
    pub words: Vec<ConsentWord>,
    /// What follows: one line for each purpose and channel.
    pub allowances: Vec<Allowance>,
}

classified! { Consents { at: plain, words: nested, allowances: nested } }

/// A word of a customer to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// For what.
    pub purpose: ConsentPurpose,
    /// On which channel.
    pub channel: Channel,
    /// What was said.
    pub status: ConsentStatus,
    /// When it was said; not more than a day in the future. The latest word counts, in whatever order they come.
    pub given_at: DateTime<Utc>,
    /// Until when a grant holds, after `given_at`; without end when absent. Nothing but a grant expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// Where we have it from: 1 to 40 of a-z, 0-9 and hyphen, for example `counter` or `web-form`.
    pub source: String,
    /// Who said it, when it was not the customer: 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
}

/// As of when.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ConsentsQuery {
    /// Only what was said until then, and what was allowed then; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<DateTime<Utc>>,
}

/// Which words to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ConsentFilter {
    /// Only on this purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub purpose: Option<ConsentPurpose>,
    /// Only on this channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub channel: Option<Channel>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A span of the day in which we do not reach a customer of our own accord, by their clock. One that ends
/// before it begins goes over midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct QuietSpan {
    /// On which channel; on every one when absent.
    pub channel: Option<Channel>,
    /// From which minute of the day, 0 to 1,439.
    pub from_minute: i32,
    /// Until which minute of the day, exclusive, 1 to 1,440.
    pub until_minute: i32,
}

classified! { QuietSpan { channel: plain, from_minute: plain, until_minute: plain } }
