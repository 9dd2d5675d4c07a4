//! Batches of opening balances: points that customers bring from an account elsewhere.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::hold::MANAGERS;
use crate::{
    access::SERVICES,
    api::{
        batch::{Batch, BatchItem, BatchReply},
        endpoints,
    },
    value::Points,
};

endpoints! {
    /// Brings the points of several accounts elsewhere. They can be spent like others, and do not count for
    /// the tier.
    EnterOpeningBalances = Batch Post "/batches/points" 200 for MANAGERS => {
        body: Batch<BatchItem<NewOpeningBalance>>, reply: BatchReply,
    }
    /// Brings the points of several accounts elsewhere, for a service that has no person.
    EnterOpeningBalancesInternally = Batch Post "/internal/batches/points" 200 for SERVICES => {
        body: Batch<BatchItem<NewOpeningBalance>>, reply: BatchReply,
    }
}

/// The most points of one opening balance.
pub const OPENING_MAX: i64 = 1_000_000_000;

/// Points that a customer brings.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOpeningBalance {
    /// How many: 1 to 1,000,000,000.
    pub points: Points,
    /// Since when they count here (business time), which decides when they expire by the programme; not more
    /// than a day in the future.
    pub occurred_at: DateTime<Utc>,
}
