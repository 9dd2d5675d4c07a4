//! The people who work for us: they join, change, and leave with a successor.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{ADMINISTRATORS, EVERYONE},
    api::page::Page,
    classified,
    ids::{OrgUnitId, StaffId},
};

crate::api::endpoints! {
    /// Adds a member of staff to a unit.
    JoinStaff = Command Post "/staff" 201 for ADMINISTRATORS => { body: NewStaff, reply: Staff }
    /// Changes a member of staff's name or moves them to another unit.
    ChangeStaff = Command Patch "/staff/{staff_id}" 200 for ADMINISTRATORS => {
        path: StaffPath, body: StaffChange, reply: Staff,
    }
    /// Lists the staff of the caller's subtree, by code.
    ListStaff = Read Get "/staff" 200 for EVERYONE => { query: StaffFilter, reply: Page<Staff> }
    /// Lets a member of staff go; somebody else takes over what they answered for.
    LeaveStaff = Command Post "/staff/{staff_id}/leave" 200 for ADMINISTRATORS => {
        path: StaffPath, body: StaffLeaving, reply: Staff,
    }
}

/// Which member of staff.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct StaffPath {
    /// The staff id.
    pub staff_id: StaffId,
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
    /// Who took over when they left.
    #[serde(default)]
    pub successor_id: Option<StaffId>,
    /// When they left.
    #[serde(default)]
    pub left_at: Option<DateTime<Utc>>,
    /// Raised by every change.
    pub revision: i64,
}

classified! { Staff {
    id: plain, code: plain, name: plain, org_unit_id: plain, status: plain, successor_id: plain, left_at: plain,
    revision: plain,
} }

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

/// Who takes over from a member of staff who leaves.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct StaffLeaving {
    /// Somebody else, who works for us.
    pub successor_id: StaffId,
}
