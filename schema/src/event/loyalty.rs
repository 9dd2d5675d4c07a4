//! What the loyalty service tells: points and tiers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    api::loyalty::{HoldState, Tier},
    ids::{CustomerId, PointsEntryId, PurchaseId},
    value::Points,
};

/// Points were earned or reversed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PointsMoved {
    /// The ledger entry.
    pub entry_id: PointsEntryId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The purchase that caused it.
    pub purchase_id: PurchaseId,
    /// The change: positive when earned, negative when reversed.
    pub points: Points,
    /// When the cause happened (business time).
    pub occurred_at: DateTime<Utc>,
}

/// A customer's tier changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TierChanged {
    /// Whose.
    pub customer_id: CustomerId,
    /// The tier left.
    pub from: Tier,
    /// The tier reached.
    pub to: Tier,
}

/// Points were held, so that nobody else can spend them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PointsHeld {
    /// The hold.
    pub hold_id: PointsEntryId,
    /// Whose.
    pub customer_id: CustomerId,
    /// How many.
    pub points: Points,
    /// What for, as a code.
    pub reason: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Held points were let go without being spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PointsReleased {
    /// The hold.
    pub hold_id: PointsEntryId,
    /// Whose.
    pub customer_id: CustomerId,
    /// How many.
    pub points: Points,
    /// What the hold became: cancelled or expired.
    pub state: HoldState,
}

/// Points moved on an account for a reason that is no purchase: they were spent, or given as a gesture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PointsMovedFor {
    /// The ledger entry; of points that were spent also the hold.
    pub entry_id: PointsEntryId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The change: negative when spent, positive when given.
    pub points: Points,
    /// What for, as a code.
    pub reason: String,
    /// When it happened (business time).
    pub occurred_at: DateTime<Utc>,
}
