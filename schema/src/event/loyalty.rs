//! What the loyalty service tells: points and tiers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    api::loyalty::Tier,
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
