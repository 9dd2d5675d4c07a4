//! What the customer service tells: references to customers, units and staff.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    api::{
        customer::{
            AttributeValue, CustomerKind, CustomerStatus, HeldConsent, OrgUnitKind, OrgUnitStatus, QuietSpan,
            StaffStatus,
        },
        interaction::Channel,
    },
    ids::{CustomerId, HouseholdId, OrgUnitId, StaffId},
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

/// A member of staff left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StaffLeft {
    /// Who.
    pub staff_id: StaffId,
    /// Their code.
    pub code: String,
    /// The unit that they worked for.
    pub org_unit_id: OrgUnitId,
    /// Left, and nothing else.
    pub status: StaffStatus,
    /// Who takes over what they answered for.
    pub successor_id: StaffId,
}

/// What a customer allows us, whole: all consents, all quiet spans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConsentState {
    /// Who.
    pub customer_id: CustomerId,
    /// The latest word on each purpose and channel on which there is one.
    pub consents: Vec<HeldConsent>,
    /// When not to reach them, by their clock.
    pub quiet_spans: Vec<QuietSpan>,
    /// Their time zone as the IANA database names it; that of the outreach policy when absent.
    pub time_zone: Option<String>,
    /// The channels that they asked for, the best one first.
    pub stated_channels: Vec<Channel>,
}

/// What a segmentable attribute of a customer is by the observation that counts today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AttributeState {
    /// Who.
    pub customer_id: CustomerId,
    /// The attribute's code.
    pub attribute: String,
    /// The value; none when the last observation was taken back. Never a text.
    pub value: Option<AttributeValue>,
    /// When it was so.
    pub observed_at: DateTime<Utc>,
}

/// The household that a customer belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HouseholdState {
    /// Who.
    pub customer_id: CustomerId,
    /// Which; none when they left theirs.
    pub household_id: Option<HouseholdId>,
    /// How many customers of ours it counts.
    pub members: i32,
}
