//! Brings accounts up to date with everything that is known of them: enters what their ledgers do not have yet,
//! keeps their lots and their tiers, and tells what changed. Doing it again does nothing.
//!
//! Any number of accounts is read and written with as many statements as one. Of each the whole ledger is read, so
//! a customer costs as much as they have entries, once a batch.

mod tell;

use std::collections::{BTreeMap, BTreeSet};

use kit::{Cause, Error, Result, Work};
use schema::{
    event::{PointsExpiring, TierChanged, loyalty},
    ids::{CustomerId, LotId, PointsEntryId},
    value::Points,
};
use uuid::Uuid;

use super::concerned::{Concern, Concerned};
use crate::{
    domain::{
        account::Standing,
        programme::Programme,
        reckoning::{Known, Reckoning},
        standing::Step,
        tier,
    },
    storage::{self, ledger::Entry, lot::Kept, tier_step::Rewritten},
};

/// Settles the account of a customer whose revision was raised, which keeps other writers away. The ids of
/// what is entered follow from `seed`, which is another one each time.
pub(crate) async fn settle(
    work: &mut Work,
    customer: CustomerId,
    revision: i64,
    seed: Uuid,
) -> Result<Standing> {
    let programme = storage::programme::all(work).await?;
    let concerned = Concerned::one(work, customer, revision, seed);
    let mut settled = settle_each(work, &programme, &concerned, &BTreeMap::new()).await?;
    settled.remove(&customer).ok_or_else(|| storage::account::missing(customer))
}

/// Settles the accounts of customers who were revised. What is entered for an event of `causes`, which are by the
/// entries that they make, is told because of it.
pub(crate) async fn settle_each(
    work: &mut Work,
    programme: &Programme,
    concerned: &Concerned,
    causes: &BTreeMap<PointsEntryId, Cause>,
) -> Result<BTreeMap<CustomerId, Standing>> {
    let customers = concerned.ids();
    let mut facts = storage::fact::of(work, &customers).await?;
    let mut entries = storage::ledger::of(work, &customers).await?;
    let mut holds = storage::hold::taken(work, &customers).await?;
    let mut lots = storage::lot::of(work, &customers).await?;
    let mut steps = storage::tier_step::of(work, &customers).await?;
    let standings = storage::account::standings(work, &customers).await?;
    let mut changes = Changes::default();
    for (customer, concern) in concerned.each() {
        let before = standings.get(&customer).ok_or_else(|| storage::account::missing(customer))?;
        let account = Account {
            customer,
            concern,
            before,
            lots: lots.remove(&customer).unwrap_or_default(),
            steps: steps.remove(&customer).unwrap_or_default(),
        };
        let known = Known {
            programme,
            facts: facts.remove(&customer).unwrap_or_default(),
            entries: entries.remove(&customer).unwrap_or_default(),
            holds: holds.remove(&customer).unwrap_or_default(),
        };
        account.settle(work, &known, causes, &mut changes)?;
    }
    storage::ledger::add(work, &changes.entries).await?;
    storage::lot::put(work, &changes.lots).await?;
    storage::tier_step::rewrite(work, &changes.steps).await?;
    storage::account::put(work, &changes.standings).await?;
    Ok(changes.standings)
}

/// What is to be written.
#[derive(Default)]
struct Changes {
    entries: Vec<Entry>,
    lots: Vec<(CustomerId, Kept)>,
    steps: Vec<Rewritten>,
    standings: BTreeMap<CustomerId, Standing>,
}

/// An account as it is kept.
struct Account<'a> {
    customer: CustomerId,
    concern: &'a Concern,
    before: &'a Standing,
    lots: Vec<Kept>,
    steps: Vec<Step>,
}

impl Account<'_> {
    /// Tells what is different by what is known, and notes it.
    fn settle(
        self,
        work: &mut Work,
        known: &Known<'_>,
        causes: &BTreeMap<PointsEntryId, Cause>,
        changes: &mut Changes,
    ) -> Result<()> {
        let (customer, now) = (self.customer, work.now());
        let Concern { revision, cause, seed, .. } = self.concern;
        let found = known.reckon(*seed, now);
        for missing in &found.missing {
            work.because(causes.get(&missing.id).unwrap_or(cause));
            tell::tell(work, customer, *revision, missing)?;
            changes.entries.push(tell::entry(customer, missing));
        }
        work.because(cause);
        let noticed = self.notice(work, &found)?;
        self.note_lots(&found, &noticed, changes);

        let entered = sum(known.entries.iter().map(|entry| entry.points));
        let more = sum(found.missing.iter().map(|missing| missing.movement.points().get()));
        let balance = i64::try_from(entered + more)
            .map_err(|_| Error::Fault(format!("the account of {customer} holds more than can be counted")))?;
        let after =
            Standing { balance: Points::new(balance), ..standing(known.programme, &found, &noticed, now) };
        let changed = loyalty::TierChanged { customer_id: customer, from: self.before.tier, to: after.tier };
        if changed.from != changed.to {
            work.tell::<TierChanged>(customer, *revision, now, &changed)?;
        }
        changes.standings.insert(customer, after);
        self.note_steps(found, changes);
        Ok(())
    }

    /// Tells of lots that expire soon, and gives those whose notice is done with.
    fn notice(&self, work: &mut Work, found: &Reckoning) -> Result<BTreeSet<LotId>> {
        let now = work.now();
        let mut noticed: BTreeSet<LotId> =
            self.lots.iter().filter(|(_, noticed)| *noticed).map(|(lot, _)| lot.id).collect();
        let due: Vec<_> = found.notices(&noticed, now).collect();
        for (lot, worth_telling) in due {
            noticed.insert(lot.id);
            let (true, Some(expires_at)) = (worth_telling, lot.expires_at) else { continue };
            let expiring = loyalty::PointsExpiring {
                lot_id: lot.id,
                customer_id: self.customer,
                points: Points::new(lot.remaining()),
                expires_at,
            };
            work.tell::<PointsExpiring>(self.customer, self.concern.revision, now, &expiring)?;
        }
        Ok(noticed)
    }

    /// Notes the lots that changed.
    fn note_lots(&self, found: &Reckoning, noticed: &BTreeSet<LotId>, changes: &mut Changes) {
        let kept: BTreeMap<LotId, &Kept> = self.lots.iter().map(|one| (one.0.id, one)).collect();
        for lot in &found.lots {
            let is_noticed = noticed.contains(&lot.id);
            if kept.get(&lot.id).is_none_or(|(before, was)| before != lot || *was != is_noticed) {
                changes.lots.push((self.customer, (lot.clone(), is_noticed)));
            }
        }
    }

    /// Notes the tier's history from where it differs.
    fn note_steps(self, found: Reckoning, changes: &mut Changes) {
        let (were, steps) = (self.steps.len(), found.standing.steps);
        let same = self.steps.iter().zip(&steps).take_while(|(one, other)| one == other).count();
        if same < were || same < steps.len() {
            changes.steps.push(Rewritten { customer: self.customer, were, same, steps });
        }
    }
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

/// How an account stands that has no history.
pub(super) fn blank(work: &Work, programme: &Programme) -> Standing {
    let known = Known { programme, facts: Vec::new(), entries: Vec::new(), holds: Vec::new() };
    let found = known.reckon(Uuid::nil(), work.now());
    standing(programme, &found, &BTreeSet::new(), work.now())
}

fn sum(points: impl Iterator<Item = i64>) -> i128 {
    points.map(i128::from).sum()
}
