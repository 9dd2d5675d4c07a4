//! Which tier a member has, by the qualifying points of a period.
//!
//! It follows from the facts in the order in which they happened, whenever they became known. A purchase
//! qualifies on its day; a return takes back, from when it happened, what the purchase qualified on that day.
//! Within a period a tier only rises, returns apart. At the end of a period the programme says whether a tier
//! that was not earned again falls to what was earned, or by one at most.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Months, NaiveTime, Utc};
use schema::api::loyalty::{Downgrade, Tier, TierChangeCause};
use uuid::Uuid;

use super::{
    month::Month,
    programme::{Programme, Version},
    tier,
};

/// Something that qualifies, or takes back what did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Qualifying {
    /// When it happened.
    pub(crate) at: DateTime<Utc>,
    /// The purchase or the return.
    pub(crate) id: Uuid,
    /// The purchase that qualifies.
    pub(crate) purchase: Uuid,
    /// When that was made.
    pub(crate) made_at: DateTime<Utc>,
    /// Negative when it takes back.
    pub(crate) points: i64,
}

/// A change of the tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) from: Tier,
    pub(crate) to: Tier,
    pub(crate) at: DateTime<Utc>,
    pub(crate) cause: TierChangeCause,
    pub(crate) qualifying: i64,
    pub(crate) version: i32,
}

/// How it came to be what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) tier: Tier,
    /// The qualifying points of the period.
    pub(crate) qualifying: i64,
    /// The end of the period.
    pub(crate) review_at: Option<DateTime<Utc>>,
    /// Every change, the earliest first.
    pub(crate) steps: Vec<Step>,
    /// The tier that the member had just before each purchase.
    pub(crate) before: BTreeMap<Uuid, Tier>,
}

/// What qualified so far: by day and purchase, returns taken off.
type Purchases = BTreeMap<(DateTime<Utc>, Uuid), i64>;

/// Where the walk through time stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Walk {
    at: DateTime<Utc>,
    /// What was brought into the period.
    carried: Tier,
    /// Since when that is so: it follows from what qualified before.
    since: DateTime<Utc>,
    /// What was earned in it.
    earned: i64,
    /// When the period began and ends; neither, when all points count for ever.
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

impl Walk {
    fn begin(at: DateTime<Utc>, version: &Version) -> Self {
        let (from, until) = period(version, at).unzip();
        Self { at, carried: Tier::Basic, since: at, earned: 0, from, until }
    }

    fn tier(&self, programme: &Programme) -> Tier {
        self.carried.max(tier::of(&programme.at(self.at).terms().thresholds, self.earned))
    }

    /// Goes on to a time, over every end of a period and every change of terms.
    fn advance(
        &mut self,
        programme: &Programme,
        to: DateTime<Utc>,
        purchases: &Purchases,
        mut tell: impl FnMut(&Self, Tier, TierChangeCause),
    ) {
        loop {
            let changes = programme.changes_after(self.at).filter(|at| *at <= to);
            let ends = self.until.filter(|at| *at <= to);
            let was = self.tier(programme);
            match (ends, changes) {
                (Some(end), change) if change.is_none_or(|change| end <= change) => {
                    let terms = programme.at(self.at).terms();
                    let earned = tier::of(&terms.thresholds, self.earned);
                    self.carried = match terms.downgrade {
                        Downgrade::ToEarned => earned,
                        Downgrade::OneTier => earned.max(tier::below(was)),
                    };
                    self.enter(programme.at(end), end, purchases);
                    tell(self, was, TierChangeCause::PeriodEnd);
                }
                (_, Some(change)) => {
                    let version = programme.at(change);
                    // Where all points count for ever, the tier is what they give; else it is kept until the
                    // end of the period.
                    self.carried = match version.terms().tier_period_months {
                        None => Tier::Basic,
                        Some(_) => was,
                    };
                    self.enter(version, change, purchases);
                    tell(self, was, TierChangeCause::Programme);
                }
                (_, None) => break,
            }
        }
        self.at = to.max(self.at);
    }

    /// Begins the period of this version in which a time lies.
    fn enter(&mut self, version: &Version, at: DateTime<Utc>, purchases: &Purchases) {
        (self.at, self.since) = (at, at);
        (self.from, self.until) = period(version, at).unzip();
        self.earned = match (self.from, self.until) {
            (Some(from), Some(until)) => {
                purchases.range((from, Uuid::nil())..(until, Uuid::nil())).map(|(_, points)| points).sum()
            }
            _ => purchases.values().sum(),
        };
    }
}

/// The period of a version in which a time lies: whole months, counted from the year 0.
fn period(version: &Version, at: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let months = i64::from(version.terms().tier_period_months?);
    let into = u32::try_from(Month::of(at).number().rem_euclid(months)).ok()?;
    let first = at.date_naive().with_day(1)?.checked_sub_months(Months::new(into))?;
    let from = first.and_time(NaiveTime::MIN).and_utc();
    Some((from, from.checked_add_months(Months::new(version.terms().tier_period_months?))?))
}

/// The standing at a time, by what had happened until then; the reckoning without a history.
fn reckon(programme: &Programme, purchases: &Purchases, at: DateTime<Utc>) -> Option<Walk> {
    let ((first, _), _) = purchases.first_key_value()?;
    let mut walk = Walk::begin(*first, programme.at(*first));
    let mut known = Purchases::new();
    for (key, points) in purchases {
        walk.advance(programme, key.0, &known, |_, _, _| {});
        known.insert(*key, *points);
        walk.earned += points;
    }
    walk.advance(programme, at, &known, |_, _, _| {});
    Some(walk)
}

/// The standing by all that is known, and its history. `facts` are in the order in which they happened.
pub(crate) fn standing(programme: &Programme, facts: &[Qualifying], now: DateTime<Utc>) -> Standing {
    let mut found = Standing {
        tier: Tier::Basic,
        qualifying: 0,
        review_at: None,
        steps: Vec::new(),
        before: BTreeMap::new(),
    };
    let start = facts.first().map_or(now, |fact| fact.at.min(fact.made_at));
    let mut walk = Walk::begin(start, programme.at(start));
    let mut purchases = Purchases::new();
    let mut steps = Vec::new();
    for fact in facts {
        walk.advance(programme, fact.at, &purchases, |walk, was, cause| {
            record(&mut steps, programme, walk, was, cause);
        });
        let was = walk.tier(programme);
        if fact.points >= 0 && fact.id == fact.purchase {
            found.before.insert(fact.purchase, was);
        }
        *purchases.entry((fact.made_at, fact.purchase)).or_default() += fact.points;
        if walk.from.is_none() || fact.made_at >= walk.since {
            walk.earned += fact.points;
        } else if let Some(anew) = reckon(programme, &purchases, fact.at) {
            // What had qualified before is less now, and so may be what was brought from it.
            walk = anew;
        }
        let cause = if fact.points < 0 { TierChangeCause::Reversed } else { TierChangeCause::Earned };
        record(&mut steps, programme, &walk, was, cause);
    }
    walk.advance(programme, now, &purchases, |walk, was, cause| {
        record(&mut steps, programme, walk, was, cause);
    });
    found.tier = walk.tier(programme);
    found.qualifying = walk.earned;
    found.review_at = walk.until;
    found.steps = steps;
    found
}

fn record(steps: &mut Vec<Step>, programme: &Programme, walk: &Walk, from: Tier, cause: TierChangeCause) {
    let to = walk.tier(programme);
    if from != to {
        let version = programme.at(walk.at).number();
        steps.push(Step { from, to, at: walk.at, cause, qualifying: walk.earned, version });
    }
}

#[cfg(test)]
mod tests;
