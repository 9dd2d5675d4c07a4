//! How a customer wants to be reached, side by side: the channels that they asked for, and the ones on which
//! they answer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CustomerFile, CustomerPath, QuietSpan};
use crate::{
    access::{FRONT_OFFICE, READERS},
    api::interaction::Channel,
    classified,
};

crate::api::endpoints! {
    /// Changes the channels that the customer asked for, quiet hours and time zone; what is absent stays as it is, a list that is given replaces the one before.
    ChangeContactPreference = Command Patch "/customers/{customer_id}/contact-preference" 200 for FRONT_OFFICE => {
        path: CustomerPath, body: ContactPreferenceChange, reply: CustomerFile,
    }
    /// How the customer wants to be reached: stated and revealed.
    GetContactPreference = Read Get "/customers/{customer_id}/contact-preference" 200 for READERS => {
        path: CustomerPath, reply: ContactPreference,
    }
}

/// How a customer wants to be reached.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct ContactPreference {
    /// The channels that they asked for, the best one first.
    pub stated_channels: Vec<Channel>,
    /// The channels on which they answer, the best one first: by `floor_millionths`, among channels that were
    /// tried five times at least and answered once.
    pub revealed_channels: Vec<Channel>,
    /// What that is reckoned from: every channel on which we tried to reach them, the best one first.
    pub usage: Vec<ChannelUsage>,
    /// When not to reach them, by their clock; at most 20.
    pub quiet_spans: Vec<QuietSpan>,
    /// Their time zone as the IANA database names it; that of the outreach policy when absent.
    pub time_zone: Option<String>,
}

classified! { ContactPreference {
    stated_channels: plain, revealed_channels: plain, usage: nested, quiet_spans: nested, time_zone: plain,
} }

/// How often a customer answered on a channel. Outbound contacts of which it is not known count nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ChannelUsage {
    /// The channel.
    pub channel: Channel,
    /// How often we tried.
    pub attempts: i32,
    /// How often they answered.
    pub answers: i32,
    /// Answers of attempts, in millionths, rounded down.
    pub answered_millionths: i32,
    /// The lower end of the 95 % interval of that rate by Wilson (1927), in millionths, rounded down: what can be
    /// said of so few attempts. 7 of 10 is above 1 of 1.
    pub floor_millionths: i32,
}

classified! { ChannelUsage {
    channel: plain, attempts: plain, answers: plain, answered_millionths: plain, floor_millionths: plain,
} }

/// What to change of how a customer wants to be reached; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct ContactPreferenceChange {
    /// The channels that they asked for, the best one first, each once; none takes them away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_channels: Option<Vec<Channel>>,
    /// When not to reach them, by their clock; at most 20, each once; none takes them away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_spans: Option<Vec<NewQuietSpan>>,
    /// Their time zone as the IANA database names it, for example `Asia/Shanghai`; an empty text takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// A span of the day in which not to reach a customer. One that ends before it begins goes over midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewQuietSpan {
    /// On which channel; on every one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// From which minute of the day, 0 to 1,439.
    pub from_minute: i32,
    /// Until which minute of the day, exclusive, 1 to 1,440; not the one that it begins with.
    pub until_minute: i32,
}
