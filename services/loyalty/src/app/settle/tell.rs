//! What is told of entries that were made by settling, and why points expired.

use kit::{Result, Work};
use schema::{
    api::loyalty::{PointsEntryKind, WhyCode},
    event::{
        PointsEarned, PointsExpired, PointsReversed,
        loyalty::{PointsMoved, PointsMovedFor},
    },
    ids::CustomerId,
};

use crate::{domain::reckoning::Missing, storage::ledger::Entry};

/// The entry that is missing.
pub(super) fn entry(customer: CustomerId, missing: &Missing) -> Entry {
    Entry {
        customer,
        id: missing.id,
        purchase: missing.purchase,
        reason: reason(missing).map(str::to_owned),
        lot: missing.lot,
        movement: missing.movement,
        why: missing.why.clone(),
        occurred_at: missing.at,
    }
}

/// Tells an entry that was missing.
pub(super) fn tell(work: &mut Work, customer: CustomerId, revision: i64, missing: &Missing) -> Result<()> {
    let (points, at) = (missing.movement.points(), missing.at);
    if let Some(purchase_id) = missing.purchase {
        let moved =
            PointsMoved { entry_id: missing.id, customer_id: customer, purchase_id, points, occurred_at: at };
        if points.get() > 0 {
            work.tell::<PointsEarned>(customer, revision, at, &moved)?;
        } else {
            work.tell::<PointsReversed>(customer, revision, at, &moved)?;
        }
    } else if let Some(reason) = reason(missing) {
        let expired = PointsMovedFor {
            entry_id: missing.id,
            customer_id: customer,
            points,
            reason: reason.to_owned(),
            occurred_at: at,
        };
        work.tell::<PointsExpired>(customer, revision, at, &expired)?;
    }
    Ok(())
}

/// What an expiry is entered and told with.
fn reason(missing: &Missing) -> Option<&'static str> {
    if missing.movement.kind() != PointsEntryKind::Expire {
        return None;
    }
    Some(match missing.why.code {
        WhyCode::ExpiryCorrected => "expiry-corrected",
        WhyCode::Purchase
        | WhyCode::Return
        | WhyCode::TierAtPurchase
        | WhyCode::Goodwill
        | WhyCode::OpeningBalance
        | WhyCode::Spent
        | WhyCode::LotExpired => "lot-expired",
    })
}
