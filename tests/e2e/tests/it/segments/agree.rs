//! The property that segments stand on: for any condition and any base, the statement finds exactly those
//! that the predicate holds for, on both databases. 500 random trees × 2,000 random profiles at one instant;
//! `C360_SEGMENT_TREES` and `C360_SEGMENT_PROFILES` ask for more.

mod base;
mod trees;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use loyalty::segment::{Plan, plan};
use schema::{access::Scope, ids::CustomerId};
use testkit::Place;

use self::base::Somebody;
use crate::{on_both, points::Stage};

/// The instant: half a second and a microsecond, so that fractions are compared too.
fn as_of() -> DateTime<Utc> {
    "2026-11-21T12:00:00.500001Z".parse().expect("a time")
}

/// Marsaglia's xorshift (2003): the same trees and profiles in every run.
pub(super) struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn number(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.below(u64::try_from(to - from + 1).expect("a range"))).expect("small")
    }

    fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(from.len() as u64)).expect("small")]
    }
}

fn asked(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Those whom the predicate holds for.
fn judged(plan: &Plan, people: &[Somebody], north_only: bool) -> Vec<CustomerId> {
    let mut ids: Vec<CustomerId> = people
        .iter()
        .filter(|one| !north_only || one.home == crate::points::NORTH)
        .filter(|one| plan.holds(&one.facts))
        .map(|one| one.id)
        .collect();
    ids.sort_unstable();
    ids
}

async fn agree(place: Place) {
    let stage = Stage::start(&place).await;
    let db = &stage.running.runtime.db;
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let people = base::people(&mut dice, asked("C360_SEGMENT_PROFILES", 2_000));
    base::insert(db, &people).await;
    let known = trees::known();

    // What each kind of clause found by itself: nobody tests anything that is always true or always false.
    let mut found: BTreeMap<&'static str, (bool, bool)> = BTreeMap::new();
    let mut sizes = BTreeSet::new();
    let trees = asked("C360_SEGMENT_TREES", 500);
    for number in 0..trees {
        let condition = if number < trees / 3 {
            trees::leaf(&mut dice, usize::try_from(number).expect("small"))
        } else {
            let depth = 1 + usize::try_from(dice.below(5)).expect("small");
            trees::tree(&mut dice, depth)
        };
        let plan = match plan(&condition, "", None, &known, as_of()) {
            Ok(plan) => plan,
            // As large as a segment may not be: the generator does not count.
            Err(wrong) => {
                assert!(wrong.iter().all(|one| one.detail.contains("at most")), "{condition:?}: {wrong:?}");
                continue;
            }
        };
        let expected = judged(&plan, &people, false);
        let seen = loyalty::matching(db, &plan, &Scope::Everything).await.expect("the statement runs");
        assert!(
            seen == expected,
            "tree {number}: {} of {} by statement for {condition:?}",
            seen.len(),
            expected.len()
        );
        if number % 10 == 0 {
            let north = Scope::Subtree("north".to_owned());
            let seen = loyalty::matching(db, &plan, &north).await.expect("the statement runs");
            assert!(seen == judged(&plan, &people, true), "tree {number} in scope: {condition:?}");
        }
        if number < trees / 3 {
            let (some, not_all) = found.entry(trees::name(&condition)).or_default();
            *some |= !expected.is_empty();
            *not_all |= expected.len() < people.len();
        }
        sizes.insert(expected.len());
    }
    assert_eq!(found.len(), trees::LEAVES, "every kind of clause: {found:?}");
    for (name, both) in found {
        assert_eq!(both, (true, true), "{name} is sometimes true and sometimes false");
    }
    assert!(sizes.len() > 50, "{} different sizes", sizes.len());
    stage.running.end().await;
}
on_both!(a_statement_finds_whom_the_predicate_holds_for, super::agree);
