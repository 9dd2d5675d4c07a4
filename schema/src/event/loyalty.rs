//! What the loyalty service tells: points and tiers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    api::loyalty::{HoldState, Tier},
    ids::{CustomerId, LotId, PointsEntryId, PurchaseId, SegmentId},
    value::{Milli, Points},
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

/// A lot of points is about to expire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PointsExpiring {
    /// Which lot.
    pub lot_id: LotId,
    /// Whose.
    pub customer_id: CustomerId,
    /// How many of it are left.
    pub points: Points,
    /// When they expire.
    pub expires_at: DateTime<Utc>,
}

/// A customer came into a segment, or left it; the message's type says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SegmentCrossed {
    /// Which segment.
    pub segment_id: SegmentId,
    /// Its code.
    pub segment: String,
    /// Which version of its condition.
    pub version: i32,
    /// Who.
    pub customer_id: CustomerId,
    /// When it was seen (system time).
    pub occurred_at: DateTime<Utc>,
}

/// A customer runs out of something soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReplenishmentDue {
    /// Who.
    pub customer_id: CustomerId,
    /// The article's code.
    pub sku: String,
    /// When it runs out by our reckoning.
    pub runs_out_at: DateTime<Utc>,
    /// When to deliver at the latest.
    pub deliver_by: DateTime<Utc>,
    /// How much to bring, in thousandths of the article's unit, when that can be told.
    pub quantity_milli: Option<Milli>,
}
