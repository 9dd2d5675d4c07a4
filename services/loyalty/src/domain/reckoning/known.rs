//! What is known of an account.

use chrono::{DateTime, Utc};
use schema::{
    api::loyalty::PointsEntryKind,
    ids::{LotId, PointsEntryId, PurchaseId},
};
use uuid::Uuid;

use crate::domain::programme::Programme;

/// A purchase and what it earns before the tier, or a return of some of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    /// The purchase or the return.
    pub(crate) id: Uuid,
    pub(crate) purchase: PurchaseId,
    /// The entry that it makes; derived from the event.
    pub(crate) entry: PointsEntryId,
    pub(crate) returned: bool,
    pub(crate) at: DateTime<Utc>,
    /// The version by which the purchase earns, and of it the rate.
    pub(crate) version: i32,
    pub(crate) rate: i64,
    /// The codes of the bonus rules that count.
    pub(crate) rules: Vec<String>,
    /// The purchase's total, and what it earns in millionths of a point.
    pub(crate) total: i64,
    pub(crate) millionths: i64,
    /// Of a return: what earlier returns gave back.
    pub(crate) before: i64,
    /// What this one gives back; of a purchase its total.
    pub(crate) amount: i64,
}

/// An entry of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entered {
    pub(crate) id: PointsEntryId,
    pub(crate) kind: PointsEntryKind,
    pub(crate) purchase: Option<PurchaseId>,
    /// The lot that expired.
    pub(crate) lot: Option<LotId>,
    pub(crate) points: i64,
    pub(crate) at: DateTime<Utc>,
}

/// Points that a hold took: spent since, or waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) id: PointsEntryId,
    pub(crate) points: i64,
    pub(crate) placed_at: DateTime<Utc>,
    pub(crate) spent: bool,
}

/// Everything that is known of an account.
#[derive(Clone, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) programme: &'a Programme,
    pub(crate) facts: Vec<Fact>,
    pub(crate) entries: Vec<Entered>,
    /// Those that are open, and those that were confirmed.
    pub(crate) holds: Vec<Held>,
}
