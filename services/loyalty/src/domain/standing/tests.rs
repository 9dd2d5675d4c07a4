//! Tiers by period, both ways of falling, returns, and terms that change.

use schema::api::loyalty::ProgrammeTerms;

use super::*;
use crate::domain::programme::tests::{standard, version};

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}T12:00:00Z").parse().expect("a time")
}

fn bought(id: u128, day: &str, points: i64) -> Qualifying {
    let id = Uuid::from_u128(id);
    Qualifying { at: at(day), id, purchase: id, made_at: at(day), points }
}

fn returned(of: &Qualifying, id: u128, day: &str, points: i64) -> Qualifying {
    Qualifying { at: at(day), id: Uuid::from_u128(id), points: -points, ..*of }
}

fn yearly(downgrade: Downgrade) -> Programme {
    let terms = ProgrammeTerms { tier_period_months: Some(12), downgrade, ..standard() };
    Programme::of(vec![version(2, at("2020-01-01"), terms)])
}

fn tier_on(programme: &Programme, facts: &[Qualifying], day: &str) -> Tier {
    standing(programme, facts, at(day)).tier
}

#[test]
fn without_a_period_all_points_count_for_ever() {
    let programme = Programme::of(Vec::new());
    let first = bought(1, "1999-05-05", 900);
    let facts = [first, bought(2, "2024-05-05", 4_200), returned(&first, 3, "2025-01-01", 200)];
    let found = standing(&programme, &facts, at("2026-01-01"));
    assert_eq!((found.tier, found.qualifying, found.review_at), (Tier::Silver, 4_900, None));
    let steps: Vec<(Tier, TierChangeCause, i64)> =
        found.steps.iter().map(|step| (step.to, step.cause, step.qualifying)).collect();
    let expected =
        [(Tier::Gold, TierChangeCause::Earned, 5_100), (Tier::Silver, TierChangeCause::Reversed, 4_900)];
    assert_eq!(steps, expected);
    assert_eq!(found.before[&Uuid::from_u128(2)], Tier::Basic);
    assert_eq!(standing(&programme, &[], at("2026-01-01")).tier, Tier::Basic);
}

#[test]
fn a_tier_is_kept_until_the_end_of_the_period_and_falls_as_said() {
    let facts = [bought(1, "2024-06-01", 20_000), bought(2, "2025-03-01", 1_000)];
    let to_earned = yearly(Downgrade::ToEarned);
    let one_tier = yearly(Downgrade::OneTier);
    // Earned in 2024, so it is there again in the period after it.
    for (day, earned, one) in [
        ("2024-05-31", Tier::Basic, Tier::Basic),
        ("2024-12-31", Tier::Platinum, Tier::Platinum),
        ("2025-12-31", Tier::Platinum, Tier::Platinum),
        ("2026-01-01", Tier::Silver, Tier::Gold),
        ("2026-12-31", Tier::Silver, Tier::Gold),
        ("2027-01-01", Tier::Basic, Tier::Silver),
        ("2028-01-01", Tier::Basic, Tier::Basic),
    ] {
        let known: Vec<Qualifying> = facts.iter().filter(|fact| fact.at <= at(day)).copied().collect();
        assert_eq!(tier_on(&to_earned, &known, day), earned, "{day}");
        assert_eq!(tier_on(&one_tier, &known, day), one, "{day}");
    }
    let found = standing(&one_tier, &facts, at("2028-02-01"));
    let ends: Vec<(&str, Tier)> = vec![("2026", Tier::Gold), ("2027", Tier::Silver), ("2028", Tier::Basic)];
    let steps = &found.steps[1..];
    assert_eq!(steps.len(), 3);
    for (step, (year, to)) in steps.iter().zip(ends) {
        assert_eq!((step.to, step.cause), (to, TierChangeCause::PeriodEnd));
        assert_eq!(step.at.to_rfc3339(), format!("{year}-01-01T00:00:00+00:00"));
    }
    assert_eq!(found.review_at.map(|at| at.to_rfc3339()), Some("2029-01-01T00:00:00+00:00".to_owned()));
}

#[test]
fn a_return_takes_back_on_the_day_of_the_purchase() {
    let programme = yearly(Downgrade::ToEarned);
    let first = bought(1, "2024-06-01", 5_000);
    let second = bought(2, "2025-02-01", 1_000);
    // Gold was brought from 2024. The return of 2025 makes 2024 worth silver.
    let facts = [first, second, returned(&first, 3, "2025-03-01", 4_000)];
    let found = standing(&programme, &facts, at("2025-04-01"));
    assert_eq!((found.tier, found.qualifying), (Tier::Silver, 1_000));
    let last = found.steps.last().expect("a step");
    assert_eq!((last.from, last.to, last.cause), (Tier::Gold, Tier::Silver, TierChangeCause::Reversed));
    // As of then it was gold.
    assert_eq!(found.before[&Uuid::from_u128(2)], Tier::Gold);
}

#[test]
fn other_terms_decide_from_when_they_are_valid() {
    let mut stricter = standard();
    stricter.thresholds.silver = schema::value::Points::new(2_000);
    stricter.tier_period_months = Some(12);
    let programme = Programme::of(vec![version(2, at("2025-07-01"), stricter)]);
    let facts = [bought(1, "2025-01-15", 1_500), bought(2, "2025-08-01", 400)];
    // Kept to the end of the period, in which 1,900 were earned.
    assert_eq!(tier_on(&programme, &facts, "2025-12-31"), Tier::Silver);
    assert_eq!(standing(&programme, &facts, at("2025-12-31")).qualifying, 1_900);
    assert_eq!(tier_on(&programme, &facts, "2026-01-01"), Tier::Basic);
    let mut milder = standard();
    milder.thresholds.silver = schema::value::Points::new(500);
    let programme = Programme::of(vec![version(2, at("2025-07-01"), milder)]);
    let found = standing(&programme, &facts[..1], at("2025-06-30"));
    assert_eq!(found.tier, Tier::Silver);
    let small = [bought(1, "2025-01-15", 600)];
    let found = standing(&programme, &small, at("2025-07-02"));
    assert_eq!((found.tier, found.steps[0].cause), (Tier::Silver, TierChangeCause::Programme));
}

#[test]
fn the_walk_gives_what_the_reckoning_gives() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |sides: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % sides
    };
    for history in 0..2_000 {
        let downgrade = if below(2) == 0 { Downgrade::ToEarned } else { Downgrade::OneTier };
        let period = [None, Some(1), Some(3), Some(12)][usize::try_from(below(4)).expect("small")];
        let later = ProgrammeTerms { tier_period_months: period, downgrade, ..standard() };
        let programme = Programme::of(vec![version(2, at("2022-05-05"), later)]);
        let start = at("2021-01-01");
        let mut facts: Vec<Qualifying> = Vec::new();
        for number in 1..=(1 + below(12)) {
            let day = start + chrono::TimeDelta::days(i64::try_from(below(1_500)).expect("small"));
            let id = Uuid::from_u128(u128::from(number));
            let points = i64::try_from(below(9_000)).expect("small");
            facts.push(Qualifying { at: day, id, purchase: id, made_at: day, points });
            if below(2) == 0 {
                let back = day + chrono::TimeDelta::days(i64::try_from(1 + below(600)).expect("small"));
                let id = Uuid::from_u128(u128::from(number) + 1_000);
                let points =
                    -i64::try_from(below(u64::try_from(points).expect("positive") + 1)).expect("small");
                facts.push(Qualifying { at: back, id, points, ..facts[facts.len() - 1] });
            }
        }
        facts.sort_by_key(|fact| (fact.at, fact.id));
        for upto in 1..=facts.len() {
            let known = &facts[..upto];
            let now = known[upto - 1].at;
            let found = standing(&programme, known, now);
            let mut purchases = Purchases::new();
            for fact in known {
                *purchases.entry((fact.made_at, fact.purchase)).or_default() += fact.points;
            }
            let walk = reckon(&programme, &purchases, now).expect("a walk");
            assert_eq!((found.tier, found.qualifying), (walk.tier(&programme), walk.earned), "{history}");
            let mut tier = Tier::Basic;
            for step in &found.steps {
                assert_eq!(step.from, tier, "{history}");
                tier = step.to;
            }
            assert_eq!(tier, found.tier, "{history}: the steps lead to the tier");
        }
    }
}
