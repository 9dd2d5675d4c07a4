//! Thousands of random histories: purchases, returns and gestures that become known late and in any order,
//! between holds that are confirmed or let go, lots that expire and tiers that change. Whatever the order,
//! the ledger comes to what everything that happened comes to.

use schema::{
    api::loyalty::{Downgrade, ProgrammeTerms, TierMultipliers, TierThresholds},
    value::Points,
};

use super::*;
use crate::domain::programme::tests::{standard, version};

const HISTORIES: u64 = 4_000;

/// Marsaglia's xorshift (2003): the same histories in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % sides.unsigned_abs()).expect("small")
    }

    fn id(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.below(i64::MAX).unsigned_abs(), self.below(i64::MAX).unsigned_abs())
    }
}

fn day(number: i64) -> DateTime<Utc> {
    "2025-01-01T00:00:00Z".parse::<DateTime<Utc>>().expect("a time") + TimeDelta::days(number)
}

/// Built in until day 100; then tiers earn more, points last, and tiers are reviewed; then other terms again.
fn programme() -> Programme {
    let second = ProgrammeTerms {
        multipliers: TierMultipliers {
            basic_millionths: MILLION,
            silver_millionths: 1_500_000,
            gold_millionths: 2_000_000,
            platinum_millionths: 3_000_000,
        },
        thresholds: TierThresholds {
            silver: Points::new(100),
            gold: Points::new(300),
            platinum: Points::new(900),
        },
        rounding: Rounding::Nearest,
        tier_period_months: Some(3),
        downgrade: Downgrade::OneTier,
        lot_months: Some(2),
        notice_days: Some(10),
        ..standard()
    };
    let third = ProgrammeTerms { lot_months: Some(1), rounding: Rounding::Up, ..second.clone() };
    Programme::of(vec![version(2, day(100), second), version(3, day(220), third)])
}

/// An account as it is kept: everything known so far, and the ledger.
struct Account<'a> {
    known: Known<'a>,
    now: DateTime<Utc>,
}

impl Account<'_> {
    fn balance(&self) -> i64 {
        self.known.entries.iter().map(|entry| entry.points).sum()
    }

    fn held(&self) -> i64 {
        self.known.holds.iter().filter(|hold| !hold.spent).map(|hold| hold.points).sum()
    }

    /// What the service does in a transaction: reckons, enters what is missing.
    fn settle(&mut self, cause: Uuid) -> Reckoning {
        let found = self.known.reckon(cause, self.now);
        for missing in &found.missing {
            let postings = missing.movement.postings();
            assert_eq!(postings.iter().map(|(_, points)| points.get()).sum::<i64>(), 0);
            assert!(!self.known.entries.iter().any(|entry| entry.id == missing.id), "entered once");
            self.known.entries.push(Entered {
                id: missing.id,
                kind: missing.movement.kind(),
                purchase: missing.purchase,
                lot: missing.lot,
                points: missing.movement.points().get(),
                at: missing.at,
            });
        }
        assert_eq!(self.balance(), found.balance, "the ledger is what the lots come to");
        for lot in &found.lots {
            assert!(
                [lot.used, lot.reversed, lot.expired, lot.held, lot.free()].iter().all(|part| *part >= 0)
            );
        }
        assert!(self.known.reckon(cause, self.now).missing.is_empty(), "settling again enters nothing");
        found
    }
}

/// A purchase with up to two returns.
fn facts(dice: &mut Dice, programme: &Programme, with_returns: bool) -> Vec<Fact> {
    let (id, at, total) = (dice.id(), day(dice.below(365)), dice.below(40_000));
    let version = programme.at(at);
    let bought = Fact {
        id,
        purchase: id.into(),
        entry: dice.id().into(),
        returned: false,
        at,
        version: version.number(),
        rate: 10_000,
        rules: Vec::new(),
        total,
        millionths: total * 10_000,
        before: 0,
        amount: total,
    };
    let mut all = vec![bought.clone()];
    let mut before = 0;
    for _ in 0..if with_returns { dice.below(3) } else { 0 } {
        let amount = dice.below(total - before + 1);
        let at = at + TimeDelta::days(dice.below(120));
        let (id, entry) = (dice.id(), dice.id().into());
        all.push(Fact { id, entry, returned: true, at, before, amount, ..bought.clone() });
        before += amount;
    }
    all
}

#[test]
fn thousands_of_histories_come_to_what_happened() {
    let programme = programme();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut reached = BTreeSet::new();
    for history in 0..HISTORIES {
        let with_returns = history % 2 == 0;
        let mut waiting: Vec<Fact> =
            (0..2 + dice.below(5)).flat_map(|_| facts(&mut dice, &programme, with_returns)).collect();
        waiting.sort_by_key(|fact| fact.at);
        // Most come soon; some come much later, or in another order.
        for _ in 0..dice.below(6) {
            let (one, other) = (dice.below(waiting.len() as i64), dice.below(waiting.len() as i64));
            waiting.swap(usize::try_from(one).expect("small"), usize::try_from(other).expect("small"));
        }
        let known =
            Known { programme: &programme, facts: Vec::new(), entries: Vec::new(), holds: Vec::new() };
        let mut account = Account { known, now: day(0) };
        let mut placed: BTreeSet<PointsEntryId> = BTreeSet::new();
        waiting.reverse();
        while let Some(fact) = waiting.pop() {
            // A return waits for its purchase.
            let known = |of: &Fact| account.known.facts.iter().any(|one| one.id == of.purchase.uuid());
            if fact.returned && !known(&fact) {
                let place = waiting.iter().position(|one| one.id == fact.purchase.uuid());
                waiting.insert(place.expect("its purchase waits"), fact);
                continue;
            }
            account.now = account.now.max(fact.at) + TimeDelta::hours(dice.below(200));
            account.known.facts.push(fact.clone());
            let found = account.settle(fact.id);
            reached.extend(found.lots.iter().map(|lot| format!("{:?}", lot.state())));
            act(&mut dice, &mut account, &mut placed);
            if !with_returns {
                assert!(account.balance() >= 0, "only a return leaves less than nothing");
                assert!(account.balance() >= account.held(), "what is held is there");
            }
        }
        let found = account.settle(dice.id());
        reached.extend(account.known.entries.iter().map(|entry| format!("{:?}", entry.kind)));
        reached.extend(found.standing.steps.iter().map(|step| format!("{:?}", step.cause)));
        reached.extend((found.balance < 0).then(|| "negative".to_owned()));
        // Whoever learns everything at once comes to the same.
        let of_its_own = [PointsEntryKind::Goodwill, PointsEntryKind::Burn];
        let mut entries = account.known.entries.clone();
        entries.retain(|entry| of_its_own.contains(&entry.kind));
        let mut facts = account.known.facts.clone();
        facts.reverse();
        let known = Known { facts, entries, ..account.known.clone() };
        let mut afresh = Account { known, now: account.now };
        let at_once = afresh.settle(dice.id());
        assert_eq!(at_once.lots, found.lots, "history {history}");
        assert_eq!(at_once.standing, found.standing, "history {history}");
        assert_eq!(afresh.balance(), account.balance(), "history {history}");
    }
    for what in [
        "Earn",
        "Reverse",
        "Burn",
        "Goodwill",
        "Expire",
        "Adjust",
        "negative",
        "Open",
        "UsedUp",
        "Expired",
        "Reversed",
        "Earned",
        "PeriodEnd",
    ] {
        assert!(reached.contains(what), "no history reaches {what}");
    }
}

/// Holds, confirms or lets go, or gives, as a person would.
fn act(dice: &mut Dice, account: &mut Account<'_>, placed: &mut BTreeSet<PointsEntryId>) {
    let available = account.balance() - account.held();
    match dice.below(6) {
        0 => {
            let (id, points) = (dice.id().into(), 1 + dice.below(40));
            account.known.entries.push(Entered {
                id,
                kind: PointsEntryKind::Goodwill,
                purchase: None,
                lot: None,
                points,
                at: account.now,
            });
        }
        1 | 2 if available > 0 => {
            let (id, points) = (dice.id().into(), 1 + dice.below(available));
            account.known.holds.push(Held { id, points, placed_at: account.now, spent: false });
            placed.insert(id);
        }
        3 | 4 => {
            let Some(hold) = account.known.holds.iter_mut().find(|hold| !hold.spent) else { return };
            hold.spent = true;
            let (id, points, at) = (hold.id, -hold.points, account.now);
            account.known.entries.push(Entered {
                id,
                kind: PointsEntryKind::Burn,
                purchase: None,
                lot: None,
                points,
                at,
            });
        }
        5 => {
            if let Some(place) = account.known.holds.iter().position(|hold| !hold.spent) {
                account.known.holds.remove(place);
            }
        }
        _ => {}
    }
    let cause = dice.id();
    account.settle(cause);
}

#[test]
fn a_tier_that_becomes_known_late_is_made_good() {
    let programme = programme();
    let fact = |number: u128, on: i64, total: i64| Fact {
        id: Uuid::from_u128(number),
        purchase: Uuid::from_u128(number).into(),
        entry: Uuid::from_u128(number + 100).into(),
        returned: false,
        at: day(on),
        version: programme.at(day(on)).number(),
        rate: 10_000,
        rules: Vec::new(),
        total,
        millionths: total * 10_000,
        before: 0,
        amount: total,
    };
    let known = Known { programme: &programme, facts: Vec::new(), entries: Vec::new(), holds: Vec::new() };
    let mut account = Account { known, now: day(150) };
    account.known.facts.push(fact(2, 140, 10_000));
    assert_eq!(account.settle(Uuid::from_u128(7)).balance, 100);
    // The purchase of ten days before made the member silver.
    account.known.facts.push(fact(1, 130, 10_000));
    let found = account.settle(Uuid::from_u128(8));
    let entered: Vec<(PointsEntryKind, i64, WhyCode)> = found
        .missing
        .iter()
        .map(|one| (one.movement.kind(), one.movement.points().get(), one.why.code))
        .collect();
    let expected = [
        (PointsEntryKind::Earn, 100, WhyCode::Purchase),
        (PointsEntryKind::Adjust, 50, WhyCode::TierAtPurchase),
    ];
    assert_eq!(entered, expected);
    assert_eq!(found.missing[1].why.multiplier_millionths, Some(1_500_000));
    assert_eq!((found.balance, found.standing.qualifying), (250, 200));
}

#[test]
fn entries_that_no_fact_stands_behind_stand_for_themselves() {
    let programme = Programme::of(Vec::new());
    let entry = |number: u128, kind, points, of: Option<u128>| Entered {
        id: Uuid::from_u128(number).into(),
        kind,
        purchase: of.map(|of| Uuid::from_u128(of).into()),
        lot: None,
        points,
        at: day(i64::try_from(number).expect("small")),
    };
    let known = Known {
        programme: &programme,
        facts: Vec::new(),
        entries: vec![
            entry(1, PointsEntryKind::Earn, 1_500, Some(91)),
            entry(2, PointsEntryKind::Earn, 400, Some(92)),
            entry(3, PointsEntryKind::Reverse, -300, Some(91)),
            entry(4, PointsEntryKind::Goodwill, 50, None),
            entry(5, PointsEntryKind::Burn, -1_300, None),
        ],
        holds: vec![Held { id: Uuid::from_u128(5).into(), points: 1_300, placed_at: day(5), spent: true }],
    };
    let found = known.reckon(Uuid::nil(), day(9));
    assert!(found.missing.is_empty());
    assert_eq!((found.balance, found.standing.qualifying, found.standing.tier), (350, 1_600, Tier::Silver));
    let left: Vec<i64> = found.lots.iter().map(Lot::remaining).collect();
    assert_eq!(left, [0, 300, 50]);
}
