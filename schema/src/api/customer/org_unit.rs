//! The organisation: a tree of units, and what the outlet register says of each: where it is, when it is
//! open, what it does.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{ADMINISTRATORS, EVERYONE},
    api::page::Page,
    classified,
    ids::OrgUnitId,
};

crate::api::endpoints! {
    /// Creates an organisation unit under a parent.
    CreateOrgUnit = Command Post "/org-units" 201 for ADMINISTRATORS => { body: NewOrgUnit, reply: OrgUnit }
    /// Changes an organisation unit's name or its entry in the outlet register.
    ChangeOrgUnit = Command Patch "/org-units/{org_unit_id}" 200 for ADMINISTRATORS => {
        path: OrgUnitPath, body: OrgUnitChange, reply: OrgUnit,
    }
    /// Moves an organisation unit, with all below it, under another parent.
    MoveOrgUnit = Command Post "/org-units/{org_unit_id}/move" 200 for ADMINISTRATORS => {
        path: OrgUnitPath, body: OrgUnitMove, reply: OrgUnit,
    }
    /// Lists the organisation units of the caller's subtree, by path from the root.
    ListOrgUnits = Read Get "/org-units" 200 for EVERYONE => { query: OrgUnitFilter, reply: Page<OrgUnit> }
    /// Closes an organisation unit; refused while a unit below it is open.
    CloseOrgUnit = Command Post "/org-units/{org_unit_id}/close" 200 for ADMINISTRATORS => {
        path: OrgUnitPath, reply: OrgUnit,
    }
    /// Opens a closed organisation unit again; refused while the unit above it is closed.
    ReopenOrgUnit = Command Post "/org-units/{org_unit_id}/reopen" 200 for ADMINISTRATORS => {
        path: OrgUnitPath, reply: OrgUnit,
    }
    /// The open outlets of the caller's subtree that are nearest to a place, nearest first.
    FindNearestOutlets = Read Get "/org-units/nearest" 200 for EVERYONE => {
        query: NearestQuery, reply: Vec<OutletNearby>,
    }
}

/// Which organisation unit.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct OrgUnitPath {
    /// The unit's id.
    #[param(value_type = OrgUnitId)]
    pub org_unit_id: OrgUnitId,
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
    /// Where it is, when it is open and what it does.
    #[serde(default)]
    pub details: UnitDetails,
    /// Raised by every change.
    pub revision: i64,
}

classified! { OrgUnit {
    id: plain, code: plain, name: plain, kind: plain, parent_id: plain, status: plain, details: plain,
    revision: plain,
} }

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
    /// The unit above; open.
    pub parent_id: OrgUnitId,
    /// Its entry in the outlet register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<UnitDetails>,
}

/// What to change of a unit; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct OrgUnitChange {
    /// 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its entry in the outlet register, whole: what the entry leaves out is taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<UnitDetails>,
}

/// Where to move a unit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct OrgUnitMove {
    /// The new unit above; open, and not one below the unit itself.
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

/// A postal address of ours.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "UnitAddressInput")]
pub struct UnitAddress {
    /// Street and number, 1 to 200 characters.
    pub line: String,
    /// The town, 1 to 100 characters.
    pub city: String,
    /// Province, state or county, 1 to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// 1 to 12 of A-Z, 0-9, blank and hyphen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2, for example `CN`.
    pub country: String,
}

/// A span in which a unit is open, by its own clock.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "OpeningSpanInput")]
pub struct OpeningSpan {
    /// The day of the week as ISO 8601 counts: 1 is Monday, 7 is Sunday.
    pub weekday: i32,
    /// From which minute of the day, 0 to 1,439.
    pub from_minute: i32,
    /// Until which minute of the day, exclusive, 1 to 1,440; after `from_minute`.
    pub until_minute: i32,
}

/// A place on the earth (WGS 84).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "UnitCoordinatesInput")]
pub struct UnitCoordinates {
    /// Millionths of a degree, north is positive: -90,000,000 to 90,000,000.
    pub latitude_micro: i32,
    /// Millionths of a degree, east is positive: -180,000,000 to 180,000,000.
    pub longitude_micro: i32,
}

/// What the outlet register says of a unit.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "UnitDetailsInput")]
pub struct UnitDetails {
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<UnitAddress>,
    /// When it is open: at most 4 spans a day, none overlapping another; kept in order.
    #[serde(default)]
    #[graphql(default)]
    pub opening_spans: Vec<OpeningSpan>,
    /// Its time zone as the IANA database names it, for example `Asia/Shanghai`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<UnitCoordinates>,
    /// What it does, as codes of 1 to 40 of a-z, 0-9 and hyphen: at most 50; kept in order.
    #[serde(default)]
    #[graphql(default)]
    pub services: Vec<String>,
}

/// Near which place.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct NearestQuery {
    /// Millionths of a degree, north is positive: -90,000,000 to 90,000,000.
    pub latitude_micro: i32,
    /// Millionths of a degree, east is positive: -180,000,000 to 180,000,000.
    pub longitude_micro: i32,
    /// Only outlets that offer this service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// At most 50; 10 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// An outlet, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct OutletNearby {
    /// The outlet.
    pub outlet: OrgUnit,
    /// The great-circle distance in metres, rounded to the nearest.
    pub distance_metres: i64,
}

classified! { OutletNearby { outlet: nested, distance_metres: plain } }
