//! The personal service brief: what whoever meets a customer should know before the first word. Texts that
//! people wrote, and rules that follow from quiet hours and consents and are enforced.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ConsentPurpose, CustomerFile, CustomerPath};
use crate::{
    access::{FRONT_OFFICE, READERS},
    api::interaction::Channel,
    classified,
};

crate::api::endpoints! {
    /// Changes the customer's service brief; what is absent stays as it is, a list that is given replaces the one before.
    ChangeServiceBrief = Command Patch "/customers/{customer_id}/service-brief" 200 for FRONT_OFFICE => {
        path: CustomerPath, body: ServiceBriefChange, reply: CustomerFile,
    }
    /// The customer's whole service brief.
    GetServiceBrief = Read Get "/customers/{customer_id}/service-brief" 200 for READERS => {
        path: CustomerPath, reply: ServiceBrief,
    }
}

/// What to know before the first word.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct ServiceBrief {
    /// How to address them; masked or absent by role.
    pub form_of_address: Option<String>,
    /// Their habits, at most 20; absent by role.
    pub habits: Option<Vec<String>>,
    /// What to do, at most 20; absent by role.
    pub dos: Option<Vec<String>>,
    /// What not to do, at most 20; absent by role.
    pub donts: Option<Vec<String>>,
    /// How many texts a file leaves out, so that it stays short; the brief itself leaves out none.
    pub left_out: i32,
    /// What follows from quiet hours and from consents that were denied or withdrawn; enforced.
    pub rules: Vec<BriefRule>,
}

classified! { ServiceBrief {
    form_of_address: identity, habits: sensitive, dos: sensitive, donts: sensitive, left_out: plain, rules: nested,
} }

/// What kind of rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum BriefRuleCode {
    /// Quiet from midnight until a time.
    QuietBefore,
    /// Quiet from a time until midnight.
    QuietAfter,
    /// Quiet between two times, perhaps over midnight.
    QuietBetween,
    /// Quiet all day.
    QuietAlways,
    /// Denied, or withdrawn.
    NotAllowed,
}

/// A rule that is enforced, as a code with its parts and as a plain statement in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct BriefRule {
    /// What kind of rule it is.
    pub code: BriefRuleCode,
    /// For which purpose; for every contact of our own accord when absent.
    pub purpose: Option<ConsentPurpose>,
    /// On which channel; on every one when absent.
    pub channel: Option<Channel>,
    /// Of quiet hours: from which minute of their day.
    pub from_minute: Option<i32>,
    /// Of quiet hours: until which minute of their day, exclusive.
    pub until_minute: Option<i32>,
    /// For example `no calls before 10:00`.
    pub statement: String,
}

classified! { BriefRule {
    code: plain, purpose: plain, channel: plain, from_minute: plain, until_minute: plain, statement: plain,
} }

/// What to change of a service brief; what is absent stays. Habits, dos and don'ts can be changed by roles that
/// see them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct ServiceBriefChange {
    /// How to address them, 1 to 200 characters; an empty text takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_of_address: Option<String>,
    /// Their habits: at most 20 of 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub habits: Option<Vec<String>>,
    /// What to do: at most 20 of 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dos: Option<Vec<String>>,
    /// What not to do: at most 20 of 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub donts: Option<Vec<String>>,
}
