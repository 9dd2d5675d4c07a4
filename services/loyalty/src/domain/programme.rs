//! The programme: which version is valid when, what a purchase earns by it, and what a return takes back.

pub(crate) mod check;
mod worth;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Months, TimeDelta, Utc};
use schema::{
    api::loyalty::{
        BonusRule, Downgrade, ProgrammeTerms, ProgrammeVersion, Rounding, Tier, TierMultipliers,
        TierThresholds,
    },
    event::interaction::{Line, PurchaseRecorded},
    ids::OrgUnitId,
    value::Points,
};

pub(crate) use self::worth::Worth;

/// Rates and multipliers count in millionths.
pub(crate) const MILLION: i64 = 1_000_000;
/// The number of the version that is built in.
const BUILT_IN: i32 = 1;

/// The units that each rule about a unit means, by the rule's code.
pub(crate) type Units = BTreeMap<String, BTreeSet<OrgUnitId>>;

/// A version of the programme.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) shown: ProgrammeVersion,
    pub(crate) units: Units,
}

/// What a purchase earns before the tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Earning {
    /// In millionths of a point.
    pub(crate) millionths: i64,
    /// The codes of the rules that counted.
    pub(crate) rules: Vec<String>,
}

impl Version {
    /// One point for each 1.00 of a currency with two decimals, tiers by all points ever earned, and points
    /// that never expire.
    fn built_in() -> Self {
        let terms = ProgrammeTerms {
            rate_millionths: 10_000,
            rounding: Rounding::Down,
            multipliers: TierMultipliers {
                basic_millionths: MILLION,
                silver_millionths: MILLION,
                gold_millionths: MILLION,
                platinum_millionths: MILLION,
            },
            bonus_rules: Vec::new(),
            thresholds: TierThresholds {
                silver: Points::new(1_000),
                gold: Points::new(5_000),
                platinum: Points::new(20_000),
            },
            tier_period_months: None,
            downgrade: Downgrade::ToEarned,
            lot_months: None,
            notice_days: None,
        };
        let valid_from = DateTime::UNIX_EPOCH - Months::new(70 * 12);
        let shown = ProgrammeVersion { version: BUILT_IN, valid_from, terms, created_at: None };
        Self { shown, units: Units::new() }
    }

    pub(crate) const fn number(&self) -> i32 {
        self.shown.version
    }

    pub(crate) const fn terms(&self) -> &ProgrammeTerms {
        &self.shown.terms
    }

    /// What a purchase earns before the tier.
    pub(crate) fn earning(&self, purchase: &PurchaseRecorded) -> Earning {
        let applies = |rule: &&BonusRule| {
            rule.min_total_minor.is_none_or(|least| purchase.total_minor >= least)
                && (rule.org_unit_id.is_none()
                    || self.units.get(&rule.code).is_some_and(|units| units.contains(&purchase.org_unit_id)))
        };
        let rules: Vec<&BonusRule> = self.terms().bonus_rules.iter().filter(applies).collect();
        // A purchase that was told without its lines is one line without an article.
        let whole = [("", purchase.total_minor.get())];
        let of_line = |line: &Line| (line.sku.clone(), line.amount_minor.get());
        let lines: Vec<(String, i64)> = if purchase.lines.is_empty() {
            whole.iter().map(|(sku, amount)| ((*sku).to_owned(), *amount)).collect()
        } else {
            purchase.lines.iter().map(of_line).collect()
        };
        let mut counted = BTreeSet::new();
        let mut sum: i128 = 0;
        for (sku, amount) in &lines {
            let matching = rules.iter().filter(|rule| matches(rule, sku));
            let best = matching
                .filter_map(|rule| Some((rule.multiplier_millionths?, &rule.code)))
                .max_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(one.1)));
            let multiplier = best.map_or(MILLION, |(multiplier, code)| {
                counted.insert(code.clone());
                multiplier
            });
            sum += i128::from(*amount) * i128::from(self.terms().rate_millionths) * i128::from(multiplier)
                / i128::from(MILLION);
        }
        for rule in &rules {
            if let Some(points) = rule.points
                && lines.iter().any(|(sku, _)| matches(rule, sku))
                && purchase.total_minor.get() > 0
            {
                sum += i128::from(points.get()) * i128::from(MILLION);
                counted.insert(rule.code.clone());
            }
        }
        Earning {
            millionths: i64::try_from(sum.max(0)).unwrap_or(i64::MAX),
            rules: counted.into_iter().collect(),
        }
    }

    /// What a tier multiplies by, in millionths.
    pub(crate) const fn multiplier(&self, tier: Tier) -> i64 {
        let TierMultipliers { basic_millionths, silver_millionths, gold_millionths, platinum_millionths } =
            self.terms().multipliers;
        match tier {
            Tier::Basic => basic_millionths,
            Tier::Silver => silver_millionths,
            Tier::Gold => gold_millionths,
            Tier::Platinum => platinum_millionths,
        }
    }

    /// When points that came at this time expire, and when that is told before.
    pub(crate) fn life(&self, since: DateTime<Utc>) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let terms = self.terms();
        let expires_at = terms.lot_months.and_then(|months| since.checked_add_months(Months::new(months)));
        let notice_at = expires_at
            .zip(terms.notice_days)
            .map(|(at, days)| (at - TimeDelta::days(i64::from(days))).max(since));
        (expires_at, notice_at)
    }
}

fn matches(rule: &BonusRule, sku: &str) -> bool {
    rule.sku_prefix.as_deref().is_none_or(|prefix| sku.starts_with(prefix))
}

/// All versions.
#[derive(Clone, Debug)]
pub(crate) struct Programme {
    built_in: Version,
    /// In the order in which they become valid.
    later: Vec<Version>,
}

impl Programme {
    /// The built-in version and those that were created.
    pub(crate) fn of(mut created: Vec<Version>) -> Self {
        created.sort_by_key(|version| version.shown.valid_from);
        Self { built_in: Version::built_in(), later: created }
    }

    /// The version that is valid at a time.
    pub(crate) fn at(&self, at: DateTime<Utc>) -> &Version {
        self.later.iter().rev().find(|version| version.shown.valid_from <= at).unwrap_or(&self.built_in)
    }

    /// The version with this number.
    pub(crate) fn numbered(&self, number: i32) -> Option<&Version> {
        self.each().find(|version| version.number() == number)
    }

    /// The next time after this at which another version becomes valid.
    pub(crate) fn changes_after(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.later.iter().map(|version| version.shown.valid_from).find(|from| *from > at)
    }

    /// Every version, in the order in which they become valid.
    pub(crate) fn each(&self) -> impl Iterator<Item = &Version> {
        std::iter::once(&self.built_in).chain(&self.later)
    }
}

#[cfg(test)]
pub(crate) mod tests;
