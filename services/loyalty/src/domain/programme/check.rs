//! Whether the terms of a new version can be meant.

use std::collections::BTreeSet;

use schema::api::loyalty::{BonusRule, ProgrammeTerms, TierThresholds};

use super::MILLION;
use crate::domain::reason;

/// The most bonus rules of a version.
const MOST_RULES: usize = 50;
/// The most points for a minor unit: 1,000.
const MOST_RATE: i64 = 1_000 * MILLION;
/// The most that a multiplier multiplies by: 100.
const MOST_MULTIPLIER: i64 = 100 * MILLION;
/// The most points that a rule adds.
const MOST_POINTS: i64 = 1_000_000;

/// Every mistake with its place below `/terms`.
pub(crate) fn check(terms: &ProgrammeTerms) -> Vec<(String, &'static str)> {
    let mut wrong: Vec<(String, &'static str)> = Vec::new();
    let mut say = |pointer: &str, good: bool, rule: &'static str| {
        if !good {
            wrong.push((format!("/terms{pointer}"), rule));
        }
    };
    say(
        "/rate_millionths",
        (0..=MOST_RATE).contains(&terms.rate_millionths),
        "0 to 1,000,000,000 millionths",
    );
    let of_tier = [
        ("basic", terms.multipliers.basic_millionths),
        ("silver", terms.multipliers.silver_millionths),
        ("gold", terms.multipliers.gold_millionths),
        ("platinum", terms.multipliers.platinum_millionths),
    ];
    for (tier, multiplier) in of_tier {
        let pointer = format!("/multipliers/{tier}_millionths");
        say(&pointer, (0..=MOST_MULTIPLIER).contains(&multiplier), "0 to 100,000,000 millionths");
    }
    let TierThresholds { silver, gold, platinum } = terms.thresholds;
    say("/thresholds/silver", silver.get() >= 1, "at least 1");
    say("/thresholds/gold", gold > silver, "more than silver takes");
    say("/thresholds/platinum", platinum > gold, "more than gold takes");
    let within = |months: Option<u32>, least, most| months.is_none_or(|one| (least..=most).contains(&one));
    say("/tier_period_months", within(terms.tier_period_months, 1, 60), "1 to 60 months");
    say("/lot_months", within(terms.lot_months, 1, 120), "1 to 120 months");
    say("/notice_days", within(terms.notice_days, 0, 365), "0 to 365 days");
    say(
        "/notice_days",
        terms.notice_days.is_none() || terms.lot_months.is_some(),
        "nothing expires without lot_months",
    );
    say("/bonus_rules", terms.bonus_rules.len() <= MOST_RULES, "at most 50 rules");
    let mut codes = BTreeSet::new();
    for (at, rule) in terms.bonus_rules.iter().take(MOST_RULES).enumerate() {
        for (place, mistake) in mistakes(rule, codes.insert(rule.code.as_str())) {
            say(&format!("/bonus_rules/{at}{place}"), false, mistake);
        }
    }
    wrong
}

fn mistakes(rule: &BonusRule, is_new: bool) -> Vec<(&'static str, &'static str)> {
    let prefix = rule.sku_prefix.as_deref().map(|prefix| prefix.chars().count());
    let rules = [
        ("/code", reason::check(&rule.code).is_ok(), "a code of 1 to 40 of a-z, 0-9 and hyphen"),
        ("/code", is_new, "another rule of this version has this code"),
        ("/sku_prefix", prefix.is_none_or(|long| (1..=100).contains(&long)), "1 to 100 characters"),
        ("/min_total_minor", rule.min_total_minor.is_none_or(|least| least.get() >= 0), "not below zero"),
        (
            "/multiplier_millionths",
            rule.multiplier_millionths.is_none_or(|one| (0..=MOST_MULTIPLIER).contains(&one)),
            "0 to 100,000,000 millionths",
        ),
        ("/points", rule.points.is_none_or(|one| (1..=MOST_POINTS).contains(&one.get())), "1 to 1,000,000"),
        (
            "",
            rule.multiplier_millionths.is_some() != rule.points.is_some(),
            "a rule multiplies or adds points: one of multiplier_millionths and points",
        ),
    ];
    rules.into_iter().filter(|(_, good, _)| !good).map(|(place, _, rule)| (place, rule)).collect()
}

#[cfg(test)]
mod tests {
    use schema::value::Points;

    use super::*;
    use crate::domain::programme::Programme;

    fn terms() -> ProgrammeTerms {
        Programme::of(Vec::new()).at(chrono::DateTime::UNIX_EPOCH).terms().clone()
    }

    fn places(terms: &ProgrammeTerms) -> Vec<String> {
        check(terms).into_iter().map(|(place, _)| place).collect()
    }

    #[test]
    fn what_is_built_in_is_right() {
        assert!(check(&terms()).is_empty());
    }

    #[test]
    fn every_mistake_is_named() {
        let mut wrong = terms();
        wrong.rate_millionths = -1;
        wrong.multipliers.gold_millionths = MOST_MULTIPLIER + 1;
        wrong.thresholds.gold = wrong.thresholds.silver;
        wrong.thresholds.platinum = Points::new(0);
        wrong.tier_period_months = Some(0);
        wrong.notice_days = Some(7);
        let rule = BonusRule {
            code: "Rice!".to_owned(),
            sku_prefix: Some(String::new()),
            org_unit_id: None,
            min_total_minor: None,
            multiplier_millionths: None,
            points: None,
        };
        wrong.bonus_rules = vec![rule.clone(), BonusRule { points: Some(Points::new(5)), ..rule }];
        let expected = [
            "/terms/rate_millionths",
            "/terms/multipliers/gold_millionths",
            "/terms/thresholds/gold",
            "/terms/thresholds/platinum",
            "/terms/tier_period_months",
            "/terms/notice_days",
            "/terms/bonus_rules/0/code",
            "/terms/bonus_rules/0/sku_prefix",
            "/terms/bonus_rules/0",
            "/terms/bonus_rules/1/code",
            "/terms/bonus_rules/1/code",
            "/terms/bonus_rules/1/sku_prefix",
        ];
        assert_eq!(places(&wrong), expected);
        let mut many = terms();
        let rule = BonusRule {
            code: "rice".to_owned(),
            sku_prefix: None,
            org_unit_id: None,
            min_total_minor: None,
            multiplier_millionths: Some(MILLION),
            points: None,
        };
        many.bonus_rules = (0..=MOST_RULES)
            .map(|number| BonusRule { code: format!("rice-{number}"), ..rule.clone() })
            .collect();
        assert_eq!(places(&many), ["/terms/bonus_rules"]);
        many.bonus_rules.pop();
        assert!(check(&many).is_empty());
    }
}
