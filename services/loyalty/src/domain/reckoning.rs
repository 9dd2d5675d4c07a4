//! What an account comes to: its tier, its lots, and the entries that its ledger does not have yet.
//!
//! Everything follows from what is known, in the order in which it happened. What became known late may
//! change what a purchase earned (by the member's tier at that time) or what expired; the ledger is never
//! changed, so the difference is entered.

mod known;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use schema::{
    api::loyalty::{PointsEntryKind, PointsWhy, Rounding, Tier, WhyCode},
    ids::{LotId, PointsEntryId, PurchaseId},
    value::{Minor, Points},
};
use uuid::Uuid;

pub(crate) use self::known::{Entered, Fact, Held, Known};
use super::{
    book::{Book, Happened, What},
    ledger::Movement,
    lot::Lot,
    programme::{MILLION, Programme, Worth},
    standing::{Qualifying, Standing, standing},
};

/// How late a notice may be: later ones disturb for nothing.
const NOTICE_LATE: TimeDelta = TimeDelta::days(7);

/// An entry that the ledger does not have yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    pub(crate) id: PointsEntryId,
    pub(crate) movement: Movement,
    pub(crate) purchase: Option<PurchaseId>,
    pub(crate) lot: Option<LotId>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) why: PointsWhy,
}

/// What an account comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reckoning {
    pub(crate) standing: Standing,
    pub(crate) lots: Vec<Lot>,
    /// What the lots come to: their remains less what is owed.
    pub(crate) balance: i64,
    pub(crate) missing: Vec<Missing>,
}

impl Known<'_> {
    /// What the account comes to at a time. `cause` is what made it be looked at; ids follow from it.
    pub(crate) fn reckon(&self, cause: Uuid, now: DateTime<Utc>) -> Reckoning {
        let purchases: BTreeMap<PurchaseId, &Fact> =
            self.facts.iter().filter(|fact| !fact.returned).map(|fact| (fact.purchase, fact)).collect();
        let standing = standing(self.programme, &self.qualifying(), now);
        let worths: Vec<(&Fact, Tier, Worth)> = self
            .facts
            .iter()
            .map(|fact| {
                let tier = standing.before.get(&fact.purchase.into()).copied().unwrap_or(Tier::Basic);
                // A return of a purchase that is known only by its entry: its version multiplied nothing.
                let known = purchases.contains_key(&fact.purchase);
                let version = self.programme.numbered(fact.version);
                let multiplier = version.filter(|_| known).map_or(MILLION, |one| one.multiplier(tier));
                (fact, tier, Worth { multiplier, ..self.worth(fact) })
            })
            .collect();

        let mut happened = self.happened_otherwise();
        let mut expected: BTreeMap<PurchaseId, i64> = BTreeMap::new();
        let mut missing = Vec::new();
        let entered: BTreeSet<PointsEntryId> = self.entries.iter().map(|entry| entry.id).collect();
        for (fact, tier, worth) in &worths {
            let points = if fact.returned { worth.taken(fact.before, fact.amount).1 } else { worth.points() };
            let change = if fact.returned { -points } else { points };
            *expected.entry(fact.purchase).or_default() += change;
            let what = if fact.returned {
                What::Returned { purchase: fact.purchase }
            } else {
                self.came(Some(fact.purchase), fact.at)
            };
            if fact.returned || worth.base() > 0 {
                happened.push(Happened { at: fact.at, id: fact.entry.into(), points, what });
            }
            let movement = if fact.returned {
                Movement::reverse(Points::new(points))
            } else {
                Movement::earn(Points::new(points))
            };
            if let Some(movement) = movement.filter(|_| !entered.contains(&fact.entry)) {
                let why = self.why(fact, *tier, worth);
                missing.push(Missing {
                    id: fact.entry,
                    movement,
                    purchase: Some(fact.purchase),
                    lot: None,
                    at: fact.at,
                    why,
                });
            }
        }
        self.adjust(cause, expected, &purchases, &worths, &mut missing);
        let book = Book::reckon(happened, now);
        self.expire(cause, now, &book.lots, &mut missing);
        Reckoning { standing, balance: book.balance(), lots: book.lots, missing }
    }

    fn worth(&self, fact: &Fact) -> Worth {
        let version = self.programme.numbered(fact.version);
        Worth {
            total: fact.total,
            millionths: fact.millionths,
            rounding: version.map_or(Rounding::Down, |one| one.terms().rounding),
            multiplier: MILLION,
        }
    }

    fn came(&self, purchase: Option<PurchaseId>, at: DateTime<Utc>) -> What {
        let (expires_at, notice_at) = self.programme.at(at).life(at);
        What::Came { purchase, expires_at, notice_at }
    }

    /// What qualifies: of purchases and returns, and of entries that stand for themselves.
    fn qualifying(&self) -> Vec<Qualifying> {
        let mut made_at: BTreeMap<PurchaseId, DateTime<Utc>> = BTreeMap::new();
        for entry in self.of_their_own().filter(|entry| entry.kind == PointsEntryKind::Earn) {
            made_at.extend(entry.purchase.map(|purchase| (purchase, entry.at)));
        }
        made_at.extend(self.facts.iter().filter(|fact| !fact.returned).map(|fact| (fact.purchase, fact.at)));
        let day = |purchase: PurchaseId, at| made_at.get(&purchase).copied().unwrap_or(at);
        let of_facts = self.facts.iter().map(|fact| {
            let worth = self.worth(fact);
            let points = if fact.returned { -worth.taken(fact.before, fact.amount).0 } else { worth.base() };
            let (purchase, made_at) = (fact.purchase.into(), day(fact.purchase, fact.at));
            Qualifying { at: fact.at, id: fact.id, purchase, made_at, points }
        });
        let of_entries = self.of_their_own().filter_map(|entry| {
            let purchase = entry.purchase?;
            let earned = entry.kind == PointsEntryKind::Earn;
            let id = if earned { purchase.into() } else { entry.id.into() };
            let made_at = day(purchase, entry.at);
            Some(Qualifying { at: entry.at, id, purchase: purchase.into(), made_at, points: entry.points })
        });
        let mut all: Vec<Qualifying> = of_facts.chain(of_entries).collect();
        all.sort_by_key(|one| (one.at, one.points < 0, one.id));
        all
    }

    /// Entries of purchases and returns that no fact stands behind.
    fn of_their_own(&self) -> impl Iterator<Item = &Entered> {
        let made: BTreeSet<PointsEntryId> = self.facts.iter().map(|fact| fact.entry).collect();
        self.entries.iter().filter(move |entry| {
            matches!(entry.kind, PointsEntryKind::Earn | PointsEntryKind::Reverse)
                && !made.contains(&entry.id)
        })
    }

    /// What happened besides purchases and returns that are known: points given or brought, holds, and entries that stand
    /// for themselves.
    fn happened_otherwise(&self) -> Vec<Happened> {
        let given = self
            .entries
            .iter()
            .filter(|entry| matches!(entry.kind, PointsEntryKind::Goodwill | PointsEntryKind::Opening));
        let of_entries = given.chain(self.of_their_own()).map(|entry| {
            let what = match (entry.kind, entry.purchase) {
                (PointsEntryKind::Reverse, Some(purchase)) => What::Returned { purchase },
                _ => self.came(entry.purchase, entry.at),
            };
            Happened { at: entry.at, id: entry.id.into(), points: entry.points.abs(), what }
        });
        let of_holds = self.holds.iter().map(|hold| Happened {
            at: hold.placed_at,
            id: hold.id.into(),
            points: hold.points,
            what: What::Held { spent: hold.spent },
        });
        of_entries.chain(of_holds).collect()
    }

    /// Enters what purchases earned more or less than was known when they did.
    fn adjust(
        &self,
        cause: Uuid,
        mut expected: BTreeMap<PurchaseId, i64>,
        purchases: &BTreeMap<PurchaseId, &Fact>,
        worths: &[(&Fact, Tier, Worth)],
        missing: &mut Vec<Missing>,
    ) {
        for entry in self.of_their_own() {
            if let Some(points) = entry.purchase.and_then(|purchase| expected.get_mut(&purchase)) {
                *points += entry.points;
            }
        }
        let with_purchase = self
            .entries
            .iter()
            .filter_map(|entry| Some((entry.purchase?, entry.points)))
            .chain(missing.iter().filter_map(|one| Some((one.purchase?, one.movement.points().get()))));
        for (purchase, points) in with_purchase {
            if let Some(left) = expected.get_mut(&purchase) {
                *left -= points;
            }
        }
        for (purchase, points) in expected {
            // Seldom anything is: only then the purchase is looked for among all of them.
            let Some(movement) = Movement::adjust(Points::new(points)) else { continue };
            let Some(fact) = purchases.get(&purchase) else { continue };
            let Some((_, tier, worth)) = worths.iter().find(|(one, ..)| one.id == fact.id) else { continue };
            missing.push(Missing {
                id: Uuid::new_v5(&cause, purchase.uuid().as_bytes()).into(),
                movement,
                purchase: Some(purchase),
                lot: None,
                at: fact.at,
                why: PointsWhy { code: WhyCode::TierAtPurchase, ..self.why(fact, *tier, worth) },
            });
        }
    }

    /// Enters what expired, and what did not after all.
    fn expire(&self, cause: Uuid, now: DateTime<Utc>, lots: &[Lot], missing: &mut Vec<Missing>) {
        let mut entered: BTreeMap<LotId, i64> = BTreeMap::new();
        for entry in &self.entries {
            if let Some(lot) = entry.lot.filter(|_| entry.kind == PointsEntryKind::Expire) {
                *entered.entry(lot).or_default() += entry.points;
            }
        }
        for lot in lots {
            let more = lot.expired + entered.get(&lot.id).copied().unwrap_or_default();
            let Some(movement) = Movement::expire(Points::new(more)) else { continue };
            let (code, at) = if more > 0 {
                (WhyCode::LotExpired, lot.expires_at.unwrap_or(now))
            } else {
                (WhyCode::ExpiryCorrected, now)
            };
            let version = self.programme.at(lot.opened_at).number();
            let why = PointsWhy { lot_id: Some(lot.id), expires_at: lot.expires_at, ..plain(code, version) };
            let id = Uuid::new_v5(&cause, lot.id.uuid().as_bytes()).into();
            missing.push(Missing { id, movement, purchase: None, lot: Some(lot.id), at, why });
        }
    }

    fn why(&self, fact: &Fact, tier: Tier, worth: &Worth) -> PointsWhy {
        let code = if fact.returned { WhyCode::Return } else { WhyCode::Purchase };
        let base = if fact.returned { worth.taken(fact.before, fact.amount).0 } else { worth.base() };
        let (expires_at, _) = self.programme.at(fact.at).life(fact.at);
        PointsWhy {
            amount_minor: Some(Minor::new(fact.amount)),
            rate_millionths: Some(fact.rate),
            rules: fact.rules.clone(),
            base_points: Some(Points::new(base)),
            tier: Some(tier),
            multiplier_millionths: Some(worth.multiplier),
            expires_at: expires_at.filter(|_| !fact.returned),
            ..plain(code, fact.version)
        }
    }
}

/// An explanation by its code alone.
pub(crate) const fn plain(code: WhyCode, version: i32) -> PointsWhy {
    PointsWhy {
        code,
        programme_version: version,
        amount_minor: None,
        rate_millionths: None,
        rules: Vec::new(),
        base_points: None,
        tier: None,
        multiplier_millionths: None,
        lot_id: None,
        expires_at: None,
    }
}

impl Reckoning {
    /// When time alone changes something next. `noticed` are the lots whose notice is done with.
    pub(crate) fn due_at(
        &self,
        programme: &Programme,
        noticed: &BTreeSet<LotId>,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let expiries = self.lots.iter().filter(|lot| lot.free() > 0).filter_map(|lot| lot.expires_at);
        let open = self.lots.iter().filter(|lot| lot.remaining() > 0 && !noticed.contains(&lot.id));
        let notices = open.filter_map(|lot| lot.notice_at);
        let at_stake = self.standing.tier > Tier::Basic || self.standing.qualifying != 0;
        let review = self.standing.review_at.filter(|_| at_stake);
        let times = expiries.chain(notices).chain(review).chain(programme.changes_after(now));
        times.filter(|at| *at > now).min()
    }

    /// The lots whose notice's time has come, and whether it is still worth telling.
    pub(crate) fn notices(
        &self,
        noticed: &BTreeSet<LotId>,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = (&Lot, bool)> {
        self.lots.iter().filter(|lot| lot.remaining() > 0 && !noticed.contains(&lot.id)).filter_map(
            move |lot| {
                let (notice_at, expires_at) = (lot.notice_at?, lot.expires_at?);
                (notice_at <= now).then_some((lot, now - notice_at <= NOTICE_LATE && expires_at > now))
            },
        )
    }

    /// When points expire next, and how many as it stands. What is held waits for its hold.
    pub(crate) fn next_expiry(&self) -> Option<(DateTime<Utc>, i64)> {
        let free = || self.lots.iter().filter(|lot| lot.free() > 0);
        let at = free().filter_map(|lot| lot.expires_at).min()?;
        Some((at, free().filter(|lot| lot.expires_at == Some(at)).map(Lot::free).sum()))
    }
}

#[cfg(test)]
mod tests;
