//! The customer service's API: the organisation, its staff, and the customer file.

mod attribute;
mod batch;
mod completeness;
mod consent;
mod contact_preference;
mod container;
mod export;
mod external_id;
mod household;
mod observation;
mod org_unit;
mod profile_update;
mod relationship;
mod search;
mod service_brief;
mod staff;

pub use attribute::*;
pub use batch::*;
use chrono::{DateTime, NaiveDate, Utc};
pub use completeness::*;
pub use consent::*;
pub use contact_preference::*;
pub use container::*;
pub use export::*;
pub use external_id::*;
pub use household::*;
pub use observation::*;
pub use org_unit::*;
pub use profile_update::*;
pub use relationship::*;
pub use search::*;
use serde::{Deserialize, Serialize};
pub use service_brief::*;
pub use staff::*;
use utoipa::{IntoParams, ToSchema};

use super::section::{Sections, SectionsWanted};
use crate::{
    access::{FRONT_OFFICE, READERS, SERVICES},
    classified,
    ids::{ContactPointId, CustomerId, HouseholdId, OrgUnitId},
};

super::endpoints! {
    /// Registers a customer.
    RegisterCustomer = Command Post "/customers" 201 for FRONT_OFFICE => { body: NewCustomer, reply: CustomerFile }
    /// Changes a customer's file; what is absent stays as it is.
    ChangeCustomer = Command Patch "/customers/{customer_id}" 200 for FRONT_OFFICE => {
        path: CustomerPath, body: CustomerChange, reply: CustomerFile,
    }
    /// Adds a phone number or e-mail address.
    AddContactPoint = Command Post "/customers/{customer_id}/contact-points" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewContactPoint, reply: CustomerFile,
    }
    /// Removes a phone number or e-mail address.
    RemoveContactPoint = Command Delete "/customers/{customer_id}/contact-points/{contact_point_id}" 200 for FRONT_OFFICE => {
        path: ContactPointPath, reply: CustomerFile,
    }
    /// Lets a further unit serve the customer, and so see them; the reason is kept in the audit.
    AddServingUnit = Command Post "/customers/{customer_id}/serving-units" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewServingUnit, reply: CustomerFile,
    }
    /// One customer's file.
    GetCustomer = Read Get "/customers/{customer_id}" 200 for READERS => { path: CustomerPath, reply: CustomerFile }
    /// The files of several customers; those out of scope are left out.
    GetCustomers = Read Post "/customers/get" 200 for READERS => { body: CustomersWanted, reply: Vec<CustomerFile> }
    /// Every customer in scope with this phone number or e-mail address, the one contacted last first.
    FindByContact = Read Get "/customers/by-contact" 200 for FRONT_OFFICE => {
        query: ContactQuery, reply: Vec<CustomerFile>,
    }
    /// The files of several customers for the customer-360 view.
    GetFileSections = Read Post "/internal/sections" 200 for SERVICES => {
        body: SectionsWanted, reply: Sections<CustomerFile>,
    }
}

/// Which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct CustomerPath {
    /// The customer's id.
    #[param(inline)]
    pub customer_id: CustomerId,
}

/// Which contact point of which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct ContactPointPath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The contact point's id.
    pub contact_point_id: ContactPointId,
}

/// What a customer is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum CustomerKind {
    /// A person who uses what we sell.
    Consumer,
    /// A company, authority or association.
    Organisation,
    /// A dealer who sells on.
    Intermediary,
    /// A third party that works with us.
    Partner,
    /// A department of ours: the next step of a process.
    Internal,
}

/// Whether we deal with a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStatus {
    /// We do.
    Active,
    /// Not any more; the file stays.
    Inactive,
}

/// How a contact point is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// A phone number, kept in E.164.
    Phone,
    /// An e-mail address, kept in lower case.
    Email,
}

/// A way to reach a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ContactPoint {
    /// Its id.
    pub id: ContactPointId,
    /// Phone or e-mail.
    pub kind: ContactKind,
    /// The normalised value; masked or absent by role.
    pub value: Option<String>,
}

classified! { ContactPoint { id: plain, kind: plain, value: contact } }

/// A contact point to add.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewContactPoint {
    /// Phone or e-mail.
    pub kind: ContactKind,
    /// As people write it; a national phone number is read in the configured region.
    pub value: String,
}

/// The customer file: section `file` of the view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct CustomerFile {
    /// The customer's id.
    pub id: CustomerId,
    /// What they are to us.
    pub kind: CustomerKind,
    /// Whether we deal with them.
    pub status: CustomerStatus,
    /// The full name.
    pub name: Option<String>,
    /// The birth date of a person.
    pub birth_date: Option<NaiveDate>,
    /// BCP 47 language to use with them.
    pub language: Option<String>,
    /// The market in which they buy, when it was said.
    #[serde(default)]
    pub market_type: Option<MarketType>,
    /// How far they have come with us, on the day when the file was read.
    #[serde(default)]
    pub stage: CustomerStage,
    /// What other systems call them, at most 20.
    #[serde(default)]
    pub external_ids: Vec<ExternalId>,
    /// The household that they belong to.
    #[serde(default)]
    pub household_id: Option<HouseholdId>,
    /// Every customer of that household, themselves too; at most 20.
    #[serde(default)]
    pub household_member_ids: Vec<CustomerId>,
    /// The unit that they belong to.
    pub home_unit_id: OrgUnitId,
    /// Further units that serve them.
    pub serving_unit_ids: Vec<OrgUnitId>,
    /// How to reach them, at most 20.
    pub contact_points: Vec<ContactPoint>,
    /// What is known of their attributes: the latest observation of each, at most 50, by code.
    #[serde(default)]
    pub attributes: Vec<Observation>,
    /// How well we know them, and what to ask next.
    #[serde(default)]
    pub completeness: Completeness,
    /// What stands at theirs and we fill, at most 10.
    #[serde(default)]
    pub containers: Vec<Container>,
    /// Relationships valid on the day when the file was read, those recorded last first; at most 20.
    #[serde(default)]
    pub relationships: Vec<Relationship>,
    /// How many relationships were valid on that day, by kind and direction.
    #[serde(default)]
    pub relationship_counts: Vec<RelationshipCount>,
    /// How they want to be reached: stated and revealed.
    #[serde(default)]
    pub contact_preference: ContactPreference,
    /// The latest word on each purpose and channel on which there is one.
    #[serde(default)]
    pub consents: Vec<HeldConsent>,
    /// What to know before the first word; of long texts the first, don'ts before dos before habits.
    #[serde(default)]
    pub service_brief: ServiceBrief,
    /// When they were registered.
    pub registered_at: DateTime<Utc>,
    /// Raised by every change of the file.
    pub revision: i64,
}

classified! { CustomerFile {
    id: plain, kind: plain, status: plain, name: identity, birth_date: identity, language: plain,
    market_type: plain, stage: plain, external_ids: nested, household_id: plain, household_member_ids: plain,
    home_unit_id: plain, serving_unit_ids: plain, contact_points: nested, attributes: nested,
    completeness: nested, containers: nested, relationships: nested, relationship_counts: nested,
    contact_preference: nested, consents: nested, service_brief: nested, registered_at: plain, revision: plain,
} }

/// A customer to register.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
    /// What they are to us.
    pub kind: CustomerKind,
    /// The full name, 1 to 200 characters.
    pub name: String,
    /// The birth date of a person; not in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// BCP 47 language to use with them, for example `zh-Hans`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The market in which they buy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market_type: Option<MarketType>,
    /// The unit that they belong to; within the caller's scope.
    pub home_unit_id: OrgUnitId,
    /// How to reach them, at most 20.
    #[serde(default)]
    #[graphql(default)]
    pub contact_points: Vec<NewContactPoint>,
    /// What other systems call them, at most 20; each belongs to one customer only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[graphql(default)]
    pub external_ids: Vec<NewExternalId>,
    /// What is known of their attributes, at most 50.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[graphql(default)]
    pub observations: Vec<NewObservation>,
}

/// What to change of a file; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct CustomerChange {
    /// The full name, 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The birth date of a person; not in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// BCP 47 language to use with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The market in which they buy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market_type: Option<MarketType>,
    /// Whether we deal with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<CustomerStatus>,
    /// The unit that they belong to from now on; within the caller's scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_unit_id: Option<OrgUnitId>,
}

/// A further unit that serves the customer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewServingUnit {
    /// Which unit.
    pub org_unit_id: OrgUnitId,
    /// Why, 1 to 500 characters; kept in the audit.
    pub reason: String,
}

/// Which customers.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomersWanted {
    /// At most 200.
    pub customer_ids: Vec<CustomerId>,
}

/// A contact to look up.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ContactQuery {
    /// Phone or e-mail.
    #[param(inline)]
    pub kind: ContactKind,
    /// As people write it.
    pub value: String,
}
