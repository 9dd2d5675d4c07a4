//! The profile: what all services told of a customer, as segments ask for it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ANALYSTS, Tier, segment::sees_attributes};
use crate::{
    access::{Class, ClassifiedField, Level, Mask, MaskField, READERS, Viewer},
    api::{
        customer::{
            AttributeValue, ConsentPurpose, ConsentStatus, CustomerKind, CustomerPath, CustomerStatus,
        },
        endpoints,
        interaction::Channel,
        survey::Instrument,
    },
    classified,
    ids::{CustomerId, OrgUnitId},
    value::{Currency, Minor, Points},
};

endpoints! {
    /// One customer's profile.
    GetProfile = Read Get "/customers/{customer_id}/profile" 200 for READERS => {
        path: CustomerPath, reply: CustomerProfile,
    }
    /// The profiles of several customers in one call; those out of scope are left out.
    GetProfiles = Read Post "/profiles" 200 for READERS => {
        body: ProfilesWanted, reply: Vec<CustomerProfile>,
    }
    /// Scores the whole base by recency, frequency and money now, as is done every night: each customer in
    /// their main currency, among all who bought in it.
    ScoreBase = Command Post "/rfm-scorings" 201 for ANALYSTS => { reply: RfmScoring }
}

/// Whose profiles.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfilesWanted {
    /// 1 to 200 customers.
    pub customer_ids: Vec<CustomerId>,
}

/// A run of scoring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct RfmScoring {
    /// What happened before this day counts (UTC).
    pub as_of: NaiveDate,
    /// How many customers have scores now.
    pub customers: Option<i64>,
}

classified! { RfmScoring { as_of: plain, customers: value } }

/// What all services told of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct CustomerProfile {
    /// Who.
    pub customer_id: CustomerId,
    /// What they are to us.
    pub kind: CustomerKind,
    /// Whether we deal with them.
    pub status: CustomerStatus,
    /// The unit that they belong to.
    pub home_unit_id: OrgUnitId,
    /// The tier.
    pub tier: Option<Tier>,
    /// Points on the account.
    pub points: Option<Points>,
    /// The figures: whole, or not at all.
    pub figures: Option<ProfileFigures>,
    /// Segmentable attributes, by code.
    pub attributes: Vec<ProfileAttribute>,
    /// The revision of what loyalty knows of the customer.
    pub revision: i64,
}

classified! { CustomerProfile {
    customer_id: plain, kind: plain, status: plain, home_unit_id: plain, tier: standing, points: standing,
    figures: value, attributes: nested, revision: plain,
} }

/// The figures of a profile; all of class value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ProfileFigures {
    /// The day of the first purchase (UTC).
    pub first_purchase: Option<NaiveDate>,
    /// The day of the last purchase (UTC).
    pub last_purchase: Option<NaiveDate>,
    /// Purchases made, returned ones included.
    pub purchases: i64,
    /// The currency of most purchases; of several with as many, the first in the alphabet.
    pub main_currency: Option<Currency>,
    /// What was bought in each currency, by code.
    pub turnover: Vec<Turnover>,
    /// The scores of the last run of scoring; none for who bought nothing before it.
    pub rfm: Option<StoredRfm>,
    /// Contacts, inbound and outbound.
    pub contacts: i64,
    /// When the first one was (business time).
    pub first_contact_at: Option<DateTime<Utc>>,
    /// When the last one was (business time).
    pub last_contact_at: Option<DateTime<Utc>>,
    /// Cases that are open or offered to a colleague.
    pub open_cases: i64,
    /// Cases that are complaints, whatever became of them.
    pub complaints: i64,
    /// Cases that are resolved or closed now.
    pub cases_resolved: i64,
    /// The last score of each question that was answered.
    pub scores: Vec<LastScore>,
    /// Whether the last measured recovery won the customer back; none when none was measured.
    pub recovered: Option<bool>,
    /// What the customer said on each purpose and channel.
    pub consents: Vec<ProfileConsent>,
}

impl MaskField for Option<ProfileFigures> {
    fn reduce(&mut self, level: Level) {
        if level != Level::Whole {
            *self = None;
        }
    }
}

/// What was bought in a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "ProfileTurnover")]
pub struct Turnover {
    /// The currency.
    pub currency: Currency,
    /// Purchases in it.
    pub purchases: i64,
    /// Paid less given back.
    pub amount_minor: Minor,
}

/// Scores as they were kept by the last run of scoring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct StoredRfm {
    /// What happened before this day counted.
    pub as_of: NaiveDate,
    /// The currency: the main one when it was scored.
    pub currency: Currency,
    /// 5 for those who bought last.
    pub recency: i32,
    /// 5 for those who bought most often.
    pub frequency: i32,
    /// 5 for those who paid most.
    pub money: i32,
}

/// The last score of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct LastScore {
    /// The question.
    pub instrument: Instrument,
    /// The score on the instrument's scale.
    pub score: i32,
    /// When it was given (business time).
    pub answered_at: DateTime<Utc>,
}

/// What a customer said on a purpose and channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ProfileConsent {
    /// For what.
    pub purpose: ConsentPurpose,
    /// On which channel.
    pub channel: Channel,
    /// What was said.
    pub status: ConsentStatus,
    /// Until when a grant holds; without end when absent.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A segmentable attribute of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ProfileAttribute {
    /// The attribute's code.
    pub attribute: String,
    /// The value; only those see it who see every class of fields whole.
    pub value: Option<AttributeValue>,
}

impl Mask for ProfileAttribute {
    const FIELDS: &'static [ClassifiedField] = &[
        ClassifiedField { name: "attribute", class: None },
        ClassifiedField { name: "value", class: Some(Class::Sensitive) },
    ];
    fn mask(&mut self, viewer: &Viewer) {
        if !sees_attributes(viewer) {
            self.value = None;
        }
    }
}
