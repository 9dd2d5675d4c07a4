//! Points that are spent in two steps, and points given as a gesture.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{DEALERS, READERS, Role},
    api::{customer::CustomerPath, endpoints, loyalty::PointsEntry, page::Page},
    classified,
    ids::{CustomerId, PointsEntryId},
    value::Points,
};

/// Who may give points that no purchase earned.
pub(super) const MANAGERS: &[Role] = &[Role::Manager];

endpoints! {
    /// Holds points that are about to be spent: nobody else can spend them until the hold is confirmed,
    /// cancelled or expired.
    HoldPoints = Command Post "/customers/{customer_id}/points-holds" 201 for DEALERS => {
        path: CustomerPath, body: NewHold, reply: PointsHold,
    }
    /// Spends the points of an open hold.
    ConfirmHold = Command Post "/customers/{customer_id}/points-holds/{hold_id}/confirmation" 200 for DEALERS => {
        path: HoldPath, reply: PointsHold,
    }
    /// Lets the points of an open hold go.
    CancelHold = Command Post "/customers/{customer_id}/points-holds/{hold_id}/cancellation" 200 for DEALERS => {
        path: HoldPath, reply: PointsHold,
    }
    /// A customer's holds, newest first.
    ListHolds = Read Get "/customers/{customer_id}/points-holds" 200 for READERS => {
        path: CustomerPath, query: HoldsQuery, reply: Page<PointsHold>,
    }
    /// Gives points as a gesture. They can be spent like others, and do not count for the tier.
    GrantGoodwill = Command Post "/customers/{customer_id}/goodwill-points" 201 for MANAGERS => {
        path: CustomerPath, body: NewGoodwill, reply: PointsEntry,
    }
}

/// Which hold of which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct HoldPath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The hold's id; the ledger entry that it becomes has the same.
    pub hold_id: PointsEntryId,
}

/// What a hold is by now. An open hold is confirmed, cancelled, or expires; what it became, it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum HoldState {
    /// The points wait to be spent.
    Open,
    /// The points were spent.
    Confirmed,
    /// The points were let go.
    Cancelled,
    /// The time ran out, and the points were let go.
    Expired,
}

/// Points to hold.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// How many: at least 1, and no more than are available.
    pub points: Points,
    /// What for, as a code of 1 to 40 of a-z, 0-9 and hyphen.
    pub reason: String,
    /// Until when: at least a minute and at most 30 days from now.
    pub expires_at: DateTime<Utc>,
}

/// Points that are held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct PointsHold {
    /// Its id; the ledger entry that it becomes has the same.
    pub id: PointsEntryId,
    /// How many.
    pub points: Option<Points>,
    /// What for.
    pub reason: String,
    /// What it is by now. One whose time ran out is expired from that moment on.
    pub state: HoldState,
    /// Since when.
    pub placed_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// When it was confirmed or cancelled, or when it expired.
    pub settled_at: Option<DateTime<Utc>>,
}

classified! { PointsHold {
    id: plain, points: standing, reason: plain, state: plain, placed_at: plain, expires_at: plain, settled_at: plain,
} }

/// Which part of a customer's holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct HoldsQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Points to give.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewGoodwill {
    /// How many: 1 to 10,000.
    pub points: Points,
    /// Why, as a code of 1 to 40 of a-z, 0-9 and hyphen.
    pub reason: String,
}
