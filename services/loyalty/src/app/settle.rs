//! Brings an account up to date with everything that is known of it: enters what its ledger does not have
//! yet, keeps its lots and its tier, and tells what changed. Doing it again does nothing.

use std::collections::BTreeSet;

use kit::{Error, Result, Work};
use schema::{
    api::loyalty::{PointsEntryKind, WhyCode},
    event::{
        PointsEarned, PointsExpired, PointsExpiring, PointsReversed, TierChanged,
        loyalty::{self, PointsMoved, PointsMovedFor},
    },
    ids::{CustomerId, LotId, PointsEntryId, PurchaseId},
    value::Points,
};
use uuid::Uuid;

use crate::{
    domain::{
        account::Standing,
        programme::Programme,
        reckoning::{Known, Missing, Reckoning},
        tier,
    },
    storage::{self, ledger::Entry},
};

/// Settles the account of a customer whose revision was raised, which keeps other writers away. The ids of
/// what is entered follow from `cause`, which is another one each time, unless an event gave them.
pub(crate) async fn settle(
    work: &mut Work,
    customer: CustomerId,
    revision: i64,
    cause: Uuid,
) -> Result<Standing> {
    let (now, programme) = (work.now(), storage::programme::all(work).await?);
    let entries = storage::ledger::of(work, customer).await?;
    let entered = sum(entries.iter().map(|entry| entry.points));
    let known = Known {
        programme: &programme,
        facts: storage::fact::of(work, customer).await?,
        entries,
        holds: storage::hold::taken(work, customer).await?,
    };
    let found = known.reckon(cause, now);
    let before = storage::account::standing(work, customer).await?;

    for missing in &found.missing {
        enter(work, customer, revision, missing).await?;
    }
    let noticed = keep_lots(work, customer, revision, &found).await?;
    keep_steps(work, customer, &found).await?;

    let more = sum(found.missing.iter().map(|missing| missing.movement.points().get()));
    let balance = i64::try_from(entered + more)
        .map_err(|_| Error::Fault(format!("the account of {customer} holds more than can be counted")))?;
    let after = Standing { balance: Points::new(balance), ..standing(&programme, &found, &noticed, now) };
    storage::account::put(work, customer, &after).await?;
    let changed = loyalty::TierChanged { customer_id: customer, from: before.tier, to: after.tier };
    if changed.from != changed.to {
        work.tell::<TierChanged>(customer, revision, now, &changed)?;
    }
    Ok(after)
}

/// How an account stands by its reckoning; the balance is left to the ledger.
fn standing(
    programme: &Programme,
    found: &Reckoning,
    noticed: &BTreeSet<LotId>,
    now: chrono::DateTime<chrono::Utc>,
) -> Standing {
    let of = &found.standing;
    let thresholds = &programme.at(now).terms().thresholds;
    Standing {
        balance: Points::new(0),
        qualifying: Points::new(of.qualifying),
        tier: of.tier,
        next_threshold: tier::above(of.tier).and_then(|next| tier::threshold(thresholds, next)),
        tier_review_at: of.review_at,
        next_expiry: found.next_expiry().map(|(at, points)| (at, Points::new(points))),
        due_at: found.due_at(programme, noticed, now),
    }
}

/// How an account stands that was just opened.
pub(super) async fn begin(work: &Work, customer: CustomerId) -> Result<()> {
    let (now, programme) = (work.now(), storage::programme::all(work).await?);
    let known = Known { programme: &programme, facts: Vec::new(), entries: Vec::new(), holds: Vec::new() };
    let found = known.reckon(Uuid::nil(), now);
    let standing = standing(&programme, &found, &BTreeSet::new(), now);
    storage::account::put(work, customer, &standing).await
}

fn sum(points: impl Iterator<Item = i64>) -> i128 {
    points.map(i128::from).sum()
}

/// Enters what is missing, and tells it.
async fn enter(work: &mut Work, customer: CustomerId, revision: i64, missing: &Missing) -> Result<()> {
    let (movement, at) = (missing.movement, missing.at);
    let reason = (movement.kind() == PointsEntryKind::Expire).then(|| reason(missing.why.code).to_owned());
    let entry = Entry {
        customer,
        id: missing.id,
        purchase: missing.purchase,
        reason: reason.clone(),
        lot: missing.lot,
        movement,
        why: missing.why.clone(),
        occurred_at: at,
    };
    storage::ledger::add(work, &entry).await?;
    let moved = |purchase_id: PurchaseId, entry_id: PointsEntryId| PointsMoved {
        entry_id,
        customer_id: customer,
        purchase_id,
        points: movement.points(),
        occurred_at: at,
    };
    match (missing.purchase, reason) {
        (Some(purchase), _) if movement.points().get() > 0 => {
            work.tell::<PointsEarned>(customer, revision, at, &moved(purchase, missing.id))?;
        }
        (Some(purchase), _) => {
            work.tell::<PointsReversed>(customer, revision, at, &moved(purchase, missing.id))?;
        }
        (None, Some(reason)) => {
            let expired = PointsMovedFor {
                entry_id: missing.id,
                customer_id: customer,
                points: movement.points(),
                reason,
                occurred_at: at,
            };
            work.tell::<PointsExpired>(customer, revision, at, &expired)?;
        }
        (None, None) => {}
    }
    Ok(())
}

/// What an expiry is told with.
const fn reason(code: WhyCode) -> &'static str {
    match code {
        WhyCode::ExpiryCorrected => "expiry-corrected",
        WhyCode::Purchase
        | WhyCode::Return
        | WhyCode::TierAtPurchase
        | WhyCode::Goodwill
        | WhyCode::OpeningBalance
        | WhyCode::Spent
        | WhyCode::LotExpired => "lot-expired",
    }
}

/// Keeps the lots that changed, tells of those that expire soon, and gives those whose notice is done with.
async fn keep_lots(
    work: &mut Work,
    customer: CustomerId,
    revision: i64,
    found: &Reckoning,
) -> Result<BTreeSet<LotId>> {
    let (now, kept) = (work.now(), storage::lot::of(work, customer).await?);
    let mut noticed: BTreeSet<LotId> =
        kept.values().filter(|(_, noticed)| *noticed).map(|(lot, _)| lot.id).collect();
    let due: Vec<_> = found.notices(&noticed, now).map(|(lot, worth)| (lot.clone(), worth)).collect();
    for (lot, worth_telling) in due {
        noticed.insert(lot.id);
        let (true, Some(expires_at)) = (worth_telling, lot.expires_at) else { continue };
        let expiring = loyalty::PointsExpiring {
            lot_id: lot.id,
            customer_id: customer,
            points: Points::new(lot.remaining()),
            expires_at,
        };
        work.tell::<PointsExpiring>(customer, revision, now, &expiring)?;
    }
    for lot in &found.lots {
        let noticed = noticed.contains(&lot.id);
        if kept.get(&lot.id).is_none_or(|(before, was)| before != lot || *was != noticed) {
            storage::lot::put(work, customer, lot, noticed).await?;
        }
    }
    Ok(noticed)
}

/// Keeps the tier's history from where it differs.
async fn keep_steps(work: &Work, customer: CustomerId, found: &Reckoning) -> Result<()> {
    let (kept, steps) = (storage::tier_step::of(work, customer).await?, &found.standing.steps);
    let same = kept.iter().zip(steps).take_while(|(one, other)| one == other).count();
    if same < kept.len() || same < steps.len() {
        storage::tier_step::replace(work, customer, same, steps).await?;
    }
    Ok(())
}
