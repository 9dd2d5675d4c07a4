//! Outreach: whether we may reach a customer of our own accord. One place decides, for every purpose.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Channel;
use crate::{
    access::{ADMINISTRATORS, EVERYONE, FRONT_OFFICE, READERS, Role},
    api::{
        customer::{ConsentPurpose, CustomerPath},
        page::Page,
    },
    classified,
    ids::{CustomerId, OutreachId},
    value::Points,
};

/// Who hands messages to the channels.
const SENDERS: &[Role] = &[Role::Marketing, Role::Manager];

crate::api::endpoints! {
    /// What was decided about reaching a customer of our own accord, the latest first.
    ListOutreaches = Read Get "/customers/{customer_id}/outreaches" 200 for READERS => {
        path: CustomerPath, query: OutreachesQuery, reply: Page<Outreach>,
    }
    /// Whether the customer may be reached on a channel at a time, before somebody plans to.
    CheckReach = Read Get "/customers/{customer_id}/reach" 200 for FRONT_OFFICE => {
        path: CustomerPath, query: ReachQuery, reply: Reach,
    }
    /// What this service itself wants said, may be sent now and was not, that which may be sent first first.
    ListOutreachesToSend = Read Get "/outreaches/to-send" 200 for SENDERS => {
        query: OutreachesQuery, reply: Page<OutreachToSend>,
    }
    /// Notes that one of these is handed to the channel. Noted again, it stays as it is.
    MarkOutreachSent = Command Post "/customers/{customer_id}/outreaches/{outreach_id}/sent" 200 for SENDERS => {
        path: OutreachPath, reply: OutreachToSend,
    }
    /// How often a customer and a household are reached at most.
    GetOutreachPolicy = Read Get "/outreach-policy" 200 for EVERYONE => { reply: OutreachPolicy }
    /// Changes how often a customer and a household are reached at most.
    ChangeOutreachPolicy = Command Patch "/outreach-policy" 200 for ADMINISTRATORS => {
        body: OutreachPolicyChange, reply: OutreachPolicy,
    }
}

/// Why an outreach is held.
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
pub enum HeldBecause {
    /// The customer did not agree to the purpose on any channel that can be used.
    NoConsent,
    /// The customer's quiet hours, until the proposal was out of date.
    QuietHours,
    /// The customer was reached too often lately.
    PersonPressure,
    /// The customer's household was reached too often lately.
    HouseholdPressure,
    /// What it is about lies more than seven days back, or the proposal ran out.
    OutOfDate,
    /// We do not deal with the customer any more.
    Inactive,
}

/// Which part of the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct OutreachesQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A proposal to reach a customer, and what was decided: granted with a channel and a time, or held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Outreach {
    /// Its id.
    pub id: OutreachId,
    /// Whom.
    pub customer_id: CustomerId,
    /// What for.
    pub purpose: ConsentPurpose,
    /// What it is about, as a code.
    pub reason: String,
    /// Whether it was owed to the customer: contact pressure does not hold it then.
    pub owed: bool,
    /// When what it is about happened (business time).
    pub caused_at: DateTime<Utc>,
    /// Until when it made sense.
    pub expires_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// Granted: how.
    pub channel: Option<Channel>,
    /// Granted: not before this time.
    pub not_before: Option<DateTime<Utc>>,
    /// Held: why.
    pub held_because: Option<HeldBecause>,
}

classified! { Outreach {
    id: plain, customer_id: plain, purpose: plain, reason: plain, owed: plain, caused_at: plain,
    expires_at: plain, decided_at: plain, channel: plain, not_before: plain, held_because: plain,
} }

/// Which outreach to which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct OutreachPath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The outreach's id.
    pub outreach_id: OutreachId,
}

/// An outreach that was granted and that a connector sends: what is to be said, to whom, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutreachToSend {
    /// Which outreach.
    pub outreach_id: OutreachId,
    /// To whom.
    pub customer_id: CustomerId,
    /// What it is about, as a code: `points-expiring`.
    pub reason: String,
    /// The channel that was granted; no other one may be used.
    pub channel: Channel,
    /// It may be sent from this time on.
    pub not_before: DateTime<Utc>,
    /// It makes no sense from this time on: of points, they expire then.
    pub expires_at: DateTime<Utc>,
    /// How many points it is about; none when that is not known.
    pub points: Option<Points>,
    /// When it was handed to the channel; none as long as it waits.
    pub sent_at: Option<DateTime<Utc>>,
}

classified! { OutreachToSend {
    outreach_id: plain, customer_id: plain, reason: plain, channel: plain, not_before: plain,
    expires_at: plain, points: standing, sent_at: plain,
} }

/// How somebody plans to reach a customer.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ReachQuery {
    /// What for.
    pub purpose: ConsentPurpose,
    /// How.
    pub channel: Channel,
    /// When; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
}

/// Whether a customer may be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Reach {
    /// Whether they may.
    pub allowed: bool,
    /// Why not.
    pub because: Option<HeldBecause>,
    /// The first time from the one asked for at which they may; none when they may not at all.
    pub not_before: Option<DateTime<Utc>>,
}

classified! { Reach { allowed: plain, because: plain, not_before: plain } }

/// How often a customer and a household are reached at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct OutreachPolicy {
    /// The most outreaches to one person in `person_days`; 1 when nothing else is set.
    pub person_most: i32,
    /// Days, 1 to 365; 7 when nothing else is set.
    pub person_days: i32,
    /// The most outreaches to all customers of one household in `household_days`; 2 when nothing else is set.
    pub household_most: i32,
    /// Days, 1 to 365; 7 when nothing else is set.
    pub household_days: i32,
    /// The time zone by whose clock quiet hours are read for customers who told none, as the IANA database
    /// names it; `Asia/Shanghai` when nothing else is set.
    pub time_zone: String,
    /// How often it was changed.
    pub revision: i64,
}

classified! { OutreachPolicy {
    person_most: plain, person_days: plain, household_most: plain, household_days: plain, time_zone: plain,
    revision: plain,
} }

/// What shall change of the policy; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct OutreachPolicyChange {
    /// The most outreaches to one person in `person_days`, 0 to 1,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_most: Option<i32>,
    /// Days, 1 to 365.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_days: Option<i32>,
    /// The most outreaches to all customers of one household in `household_days`, 0 to 1,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household_most: Option<i32>,
    /// Days, 1 to 365.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household_days: Option<i32>,
    /// A time zone as the IANA database names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}
