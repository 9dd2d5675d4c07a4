//! What the customer service tells: references to customers, units and staff.

use serde::{Deserialize, Serialize};

use crate::{
    api::customer::{CustomerKind, CustomerStatus, OrgUnitKind, OrgUnitStatus, StaffStatus},
    ids::{CustomerId, OrgUnitId, StaffId},
};

/// The reference of a customer that every service keeps: no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CustomerState {
    /// Who.
    pub customer_id: CustomerId,
    /// Consumer, organisation, …
    pub kind: CustomerKind,
    /// Whether we still deal with them.
    pub status: CustomerStatus,
    /// The unit that the customer belongs to.
    pub home_unit_id: OrgUnitId,
    /// Further units that serve the customer; they see the customer too.
    pub serving_unit_ids: Vec<OrgUnitId>,
}

/// An organisation unit as every service keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OrgUnitState {
    /// Which.
    pub org_unit_id: OrgUnitId,
    /// Its code, unique and never changed; tokens name units by it.
    pub code: String,
    /// Head office, regional company or outlet.
    pub kind: OrgUnitKind,
    /// The unit above; none for the root.
    pub parent_id: Option<OrgUnitId>,
    /// Open or closed.
    pub status: OrgUnitStatus,
}

/// A member of staff as every service keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StaffState {
    /// Who.
    pub staff_id: StaffId,
    /// Their code, unique and never changed; tokens name staff by it.
    pub code: String,
    /// The unit that they work for.
    pub org_unit_id: OrgUnitId,
    /// Working or left.
    pub status: StaffStatus,
}
