//! What a customer allows us: consents by purpose and channel, and the times at which we keep quiet.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::interaction::Channel;

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
