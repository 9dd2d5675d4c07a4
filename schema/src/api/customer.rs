//! The customer service's API: the organisation, its staff, and the customer file.

mod attribute;
mod completeness;
mod consent;
mod contact_preference;
mod container;
mod observation;
mod relationship;
mod service_brief;

pub use attribute::*;
use chrono::{DateTime, NaiveDate, Utc};
pub use completeness::*;
pub use consent::*;
pub use contact_preference::*;
pub use container::*;
pub use observation::*;
pub use relationship::*;
use serde::{Deserialize, Serialize};
pub use service_brief::*;
use utoipa::{IntoParams, ToSchema};

use super::{
    page::Page,
    section::{Sections, SectionsWanted},
};
use crate::{
    access::{ADMINISTRATORS, EVERYONE, FRONT_OFFICE, READERS, SERVICES},
    classified,
    ids::{ContactPointId, CustomerId, OrgUnitId, StaffId},
};

super::endpoints! {
    /// Creates an organisation unit under a parent.
    CreateOrgUnit = Command Post "/org-units" 201 for ADMINISTRATORS => { body: NewOrgUnit, reply: OrgUnit }
    /// Changes an organisation unit's name.
    ChangeOrgUnit = Command Patch "/org-units/{org_unit_id}" 200 for ADMINISTRATORS => {
        path: OrgUnitPath, body: OrgUnitChange, reply: OrgUnit,
    }
    /// Moves an organisation unit, with all below it, under another parent.
    MoveOrgUnit = Command Post "/org-units/{org_unit_id}/move" 200 for ADMINISTRATORS => {
        path: OrgUnitPath, body: OrgUnitMove, reply: OrgUnit,
    }
    /// Lists the organisation units of the caller's subtree, by path from the root.
    ListOrgUnits = Read Get "/org-units" 200 for EVERYONE => { query: OrgUnitFilter, reply: Page<OrgUnit> }
    /// Adds a member of staff to a unit.
    JoinStaff = Command Post "/staff" 201 for ADMINISTRATORS => { body: NewStaff, reply: Staff }
    /// Changes a member of staff's name or moves them to another unit.
    ChangeStaff = Command Patch "/staff/{staff_id}" 200 for ADMINISTRATORS => {
        path: StaffPath, body: StaffChange, reply: Staff,
    }
    /// Lists the staff of the caller's subtree, by code.
    ListStaff = Read Get "/staff" 200 for EVERYONE => { query: StaffFilter, reply: Page<Staff> }
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
    /// Searches customers in scope by the beginning of a name and by unit, by name; by age for roles that see names masked.
    SearchCustomers = Read Get "/customers" 200 for READERS => { query: CustomerFilter, reply: Page<CustomerFile> }
    /// The files of several customers for the customer-360 view.
    GetFileSections = Read Post "/internal/sections" 200 for SERVICES => {
        body: SectionsWanted, reply: Sections<CustomerFile>,
    }
}

/// Which organisation unit.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct OrgUnitPath {
    /// The unit's id.
    #[param(value_type = OrgUnitId)]
    pub org_unit_id: OrgUnitId,
}

/// Which member of staff.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct StaffPath {
    /// The staff id.
    pub staff_id: StaffId,
}

/// Which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct CustomerPath {
    /// The customer's id.
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

/// What an organisation unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum OrgUnitKind {
    /// The head office: the root, exactly one.
    Headquarters,
    /// A regional company.
    Company,
    /// A shop, branch or counter.
    Outlet,
}

/// Whether a unit is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum OrgUnitStatus {
    /// In use.
    Open,
    /// Closed; keeps its customers until they are moved.
    Closed,
}

/// A node of the organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct OrgUnit {
    /// Its id.
    pub id: OrgUnitId,
    /// Its code: unique, never changed, what tokens name.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OrgUnitKind,
    /// The unit above; none for the root.
    pub parent_id: Option<OrgUnitId>,
    /// In use or not.
    pub status: OrgUnitStatus,
    /// Raised by every change.
    pub revision: i64,
}

classified! { OrgUnit { id: plain, code: plain, name: plain, kind: plain, parent_id: plain, status: plain, revision: plain } }

/// A unit to create.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewOrgUnit {
    /// 1 to 40 of a-z, 0-9 and hyphen, starting with a letter or digit.
    pub code: String,
    /// 1 to 200 characters.
    pub name: String,
    /// Company or outlet; the head office exists from the start.
    pub kind: OrgUnitKind,
    /// The unit above.
    pub parent_id: OrgUnitId,
}

/// What to change of a unit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct OrgUnitChange {
    /// 1 to 200 characters.
    pub name: String,
}

/// Where to move a unit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct OrgUnitMove {
    /// The new unit above; not one below the unit itself.
    pub parent_id: OrgUnitId,
}

/// Which units to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct OrgUnitFilter {
    /// Only the unit with this code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Whether a person works for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum StaffStatus {
    /// Works for us.
    Active,
    /// Left.
    Left,
}

/// A person who works for us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Staff {
    /// Their id.
    pub id: StaffId,
    /// Their code: unique, never changed, what tokens name.
    pub code: String,
    /// Their name.
    pub name: String,
    /// The unit that they work for.
    pub org_unit_id: OrgUnitId,
    /// Working or left.
    pub status: StaffStatus,
    /// Raised by every change.
    pub revision: i64,
}

classified! { Staff { id: plain, code: plain, name: plain, org_unit_id: plain, status: plain, revision: plain } }

/// A person to add to the staff.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewStaff {
    /// 1 to 40 of a-z, 0-9 and hyphen, starting with a letter or digit.
    pub code: String,
    /// 1 to 200 characters.
    pub name: String,
    /// The unit that they work for.
    pub org_unit_id: OrgUnitId,
}

/// What to change of a member of staff; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct StaffChange {
    /// 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The unit to move to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_unit_id: Option<OrgUnitId>,
}

/// Which staff to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct StaffFilter {
    /// Only the person with this code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
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
    /// The unit that they belong to; within the caller's scope.
    pub home_unit_id: OrgUnitId,
    /// How to reach them, at most 20.
    #[serde(default)]
    #[graphql(default)]
    pub contact_points: Vec<NewContactPoint>,
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

/// Which customers to search.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CustomerFilter {
    /// The beginning of the name, any case; needs a role that sees names whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Only customers whose home unit lies in the subtree of this unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_unit_id: Option<OrgUnitId>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
