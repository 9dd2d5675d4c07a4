//! Sources of tracked messages and what becomes of their messages, as an administrator configures and sees
//! them. The messages themselves come in the form of the Segment tracking specification.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::interaction::{Channel, Phase};
use crate::{
    ids::{IngestionMessageId, IngestionSourceId, OrgUnitId},
    value::Currency,
};

/// The calls of the Segment tracking specification.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
pub enum TrackingCall {
    /// Who somebody is.
    Identify,
    /// What somebody did.
    Track,
    /// Somebody looked at a page.
    Page,
    /// Somebody looked at a screen of an app.
    Screen,
    /// To which group somebody belongs.
    Group,
    /// Two ids are the same person.
    Alias,
}

/// What a tracked event is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum MappedEffect {
    /// A contact with the topic and phase of the mapping.
    Contact,
    /// A purchase: the event has the properties of `Order Completed`.
    Purchase,
    /// Nothing: it is counted and kept out.
    Ignore,
}

/// What one tracked event is to us.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[graphql(input_name = "EventMappingInput")]
#[serde(deny_unknown_fields)]
pub struct EventMapping {
    /// The call: `TRACK`, `PAGE` or `SCREEN`.
    pub call: TrackingCall,
    /// The event's name, or the name of the page or screen, 1 to 100 characters; absent stands for every page
    /// or screen that has no mapping of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// What it is to us.
    pub effect: MappedEffect,
    /// The topic of a contact: 1 to 40 of a-z, 0-9 and hyphen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Where on the journey a contact is; `PRESALES` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
}

/// A source: a website, app or server that sends us what its users do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, async_graphql::SimpleObject)]
pub struct IngestionSource {
    /// Its id.
    pub id: IngestionSourceId,
    /// Its code: unique, never changed; what is recorded from it names it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The unit to which new customers, contacts and purchases belong.
    pub org_unit_id: OrgUnitId,
    /// The system of external ids that its user ids belong to.
    pub namespace: String,
    /// The channel of its contacts and purchases.
    pub channel: Channel,
    /// The currency of amounts without one.
    pub currency: Option<Currency>,
    /// What its events are to us. `Order Completed` is a purchase unless it stands here.
    pub mappings: Vec<EventMapping>,
    /// Whether its messages are taken.
    pub active: bool,
    /// The first characters of its write key, to tell it from others; the key itself is not kept.
    pub write_key_hint: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// A source to create.
#[derive(Clone, Debug, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewIngestionSource {
    /// Its code: 1 to 40 of a-z, 0-9 and hyphen, unique.
    pub code: String,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// The unit to which new customers, contacts and purchases belong; within your subtree.
    pub org_unit_id: OrgUnitId,
    /// The system of external ids that its user ids belong to: 1 to 40 of a-z, 0-9 and hyphen; the code when
    /// absent. Sources of one namespace know a user by the same id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The channel of its contacts and purchases; `WEB` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The currency of amounts without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What its events are to us, at most 200.
    #[serde(default)]
    #[graphql(default)]
    pub mappings: Vec<EventMapping>,
}

/// What to change of a source; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct IngestionSourceChange {
    /// Its name, 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The unit to which new customers, contacts and purchases belong; within your subtree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_unit_id: Option<OrgUnitId>,
    /// The channel of its contacts and purchases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The currency of amounts without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What its events are to us, at most 200; all of them, in place of those before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mappings: Option<Vec<EventMapping>>,
    /// Whether its messages are taken; the messages that were taken before are forwarded either way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// What became of a tracked message.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// It was taken and is not forwarded yet.
    Pending,
    /// It waits, for at most 14 days, until an `identify` or `alias` tells whose it is.
    Waiting,
    /// It had its effect.
    Applied,
    /// Nothing is mapped to it: it was counted and kept out.
    Unmapped,
    /// It was refused, with a reason; it can be retried for 30 days.
    Refused,
    /// Nobody told in time whose it is.
    Expired,
}

/// A tracked message, without what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, async_graphql::SimpleObject)]
pub struct IngestionMessage {
    /// Its id here, derived from source and `messageId`.
    pub id: IngestionMessageId,
    /// Which call.
    pub call: TrackingCall,
    /// What became of it.
    pub state: MessageState,
    /// Why it was refused, and what to do.
    pub reason: Option<String>,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

/// How many messages of one sort had one outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, async_graphql::SimpleObject)]
pub struct IngestionCount {
    /// Which call.
    pub call: TrackingCall,
    /// The event's, page's or screen's name; null for other calls, and beyond 500 names of one source.
    pub event: Option<String>,
    /// The outcome.
    pub state: MessageState,
    /// How many.
    pub count: crate::value::Long,
    /// When one was counted last.
    pub last_at: DateTime<Utc>,
}
