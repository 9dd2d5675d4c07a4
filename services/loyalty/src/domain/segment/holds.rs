//! Whether a plan holds for a customer, and what of it does.

use chrono::{DateTime, Days as ChronoDays, NaiveDate, Utc};
use schema::api::{customer::ConsentStatus, loyalty::Counted};

use super::{Days, Facts, Held, Plan, Test, Wanted};

/// One condition of a plan against a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where it stands.
    pub pointer: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was found; none for groups, and when nothing was.
    pub found: Option<String>,
    /// Whether it is about an attribute.
    pub of_attribute: bool,
}

impl Plan {
    /// Whether it holds for a customer.
    pub fn holds(&self, facts: &Facts) -> bool {
        match &self.test {
            Test::All(inner) => inner.iter().all(|plan| plan.holds(facts)),
            Test::Any(inner) => inner.iter().any(|plan| plan.holds(facts)),
            Test::NoneOf(inner) => !inner.iter().any(|plan| plan.holds(facts)),
            Test::Segment(inner) => inner.holds(facts),
            Test::Kind(kinds) => kinds.contains(&facts.kind),
            Test::Status(states) => states.contains(&facts.status),
            Test::Unit(path) => match (path, &facts.home_path) {
                (Some(path), Some(home)) => home.starts_with(path),
                (None, _) | (_, None) => false,
            },
            Test::Attribute(code, wanted) => facts.attributes.get(code).is_some_and(|held| wanted.fits(held)),
            Test::Tier(tiers) => tiers.contains(&facts.tier),
            Test::LastPurchase(span) => facts.last_purchase.is_some_and(|day| span.holds(day)),
            Test::Purchases(span) => span.holds(facts.purchases),
            Test::Turnover(currency, span) => {
                facts.turnover.get(currency).is_some_and(|amount| span.holds(*amount))
            }
            Test::Rfm(spans) => spans.iter().zip(facts.rfm).all(|(span, score)| match (span, score) {
                (None, _) => true,
                (Some(span), Some(score)) => span.holds(score),
                (Some(_), None) => false,
            }),
            Test::Count(of, days, span) => span.holds(facts.count(*of, *days)),
            Test::Consent(purpose, channel, at) => facts
                .consents
                .get(&(*purpose, *channel))
                .is_some_and(|(status, until)| is_held(*status, *until, *at)),
            Test::LastScore(instrument, span) => {
                facts.score(*instrument).is_some_and(|score| span.holds(score))
            }
            Test::List(list) => facts.lists.contains(list),
        }
    }

    /// Every condition, each before those inside it.
    pub fn explain(&self, facts: &Facts) -> Vec<Seen> {
        let mut seen = Vec::new();
        self.explain_into(facts, &mut seen);
        seen
    }

    fn explain_into(&self, facts: &Facts, seen: &mut Vec<Seen>) {
        seen.push(Seen {
            pointer: self.pointer.clone(),
            holds: self.holds(facts),
            found: self.found(facts),
            of_attribute: matches!(self.test, Test::Attribute(..)),
        });
        match &self.test {
            Test::All(inner) | Test::Any(inner) | Test::NoneOf(inner) => {
                inner.iter().for_each(|plan| plan.explain_into(facts, seen));
            }
            Test::Segment(inner) => inner.explain_into(facts, seen),
            Test::Kind(_)
            | Test::Status(_)
            | Test::Unit(_)
            | Test::Attribute(..)
            | Test::Tier(_)
            | Test::LastPurchase(_)
            | Test::Purchases(_)
            | Test::Turnover(..)
            | Test::Rfm(_)
            | Test::Count(..)
            | Test::Consent(..)
            | Test::LastScore(..)
            | Test::List(_) => {}
        }
    }

    /// What of the customer was compared, in words.
    fn found(&self, facts: &Facts) -> Option<String> {
        match &self.test {
            Test::All(_) | Test::Any(_) | Test::NoneOf(_) | Test::Segment(_) => None,
            Test::Kind(_) => Some(word(&facts.kind)),
            Test::Status(_) => Some(word(&facts.status)),
            Test::Unit(_) => facts.home_path.clone(),
            Test::Attribute(code, _) => facts.attributes.get(code).map(|held| match held {
                Held::Number(number) => number.to_string(),
                Held::Code(code) => code.clone(),
            }),
            Test::Tier(_) => Some(word(&facts.tier)),
            Test::LastPurchase(_) => facts.last_purchase.map(|day| format!("last purchase on {}", date(day))),
            Test::Purchases(_) => Some(format!("{} purchases", facts.purchases)),
            Test::Turnover(currency, _) => {
                facts.turnover.get(currency).map(|amount| format!("{amount} minor units of {currency}"))
            }
            Test::Rfm(_) => match facts.rfm {
                [Some(recency), Some(frequency), Some(money)] => {
                    Some(format!("{recency}-{frequency}-{money}"))
                }
                [..] => None,
            },
            Test::Count(of, days, _) => Some(counted(facts.count(*of, *days), *of, *days)),
            Test::Consent(purpose, channel, _) => {
                facts.consents.get(&(*purpose, *channel)).map(|(status, until)| match until {
                    Some(until) => format!("{} until {}", word(status), instant(*until)),
                    None => word(status),
                })
            }
            Test::LastScore(instrument, _) => facts.score(*instrument).map(|score| score.to_string()),
            Test::List(list) => {
                Some(if facts.lists.contains(list) { "on the list" } else { "not on the list" }.to_owned())
            }
        }
    }
}

impl Wanted {
    fn fits(&self, held: &Held) -> bool {
        match (self, held) {
            (Self::Known, _) => true,
            (Self::Number(span), Held::Number(number)) => span.holds(*number),
            (Self::NotNumber(other), Held::Number(number)) => number != other,
            (Self::Code(wanted), Held::Code(code)) => code == wanted,
            (Self::NotCode(other), Held::Code(code)) => code != other,
            (Self::Number(_) | Self::NotNumber(_), Held::Code(_))
            | (Self::Code(_) | Self::NotCode(_), Held::Number(_)) => false,
        }
    }
}

/// A grant holds until its end, exclusive.
fn is_held(status: ConsentStatus, until: Option<DateTime<Utc>>, at: DateTime<Utc>) -> bool {
    status == ConsentStatus::Granted && until.is_none_or(|until| until > at)
}

/// The word of a plain enum, as it is on every wire.
fn word<T: std::fmt::Debug>(value: &T) -> String {
    format!("{value:?}").to_lowercase()
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// The day that a number stands for.
fn date(day: i64) -> String {
    let epoch = NaiveDate::default();
    let shifted = match u64::try_from(day) {
        Ok(after) => epoch.checked_add_days(ChronoDays::new(after)),
        Err(_) => epoch.checked_sub_days(ChronoDays::new(day.unsigned_abs())),
    };
    shifted.map_or_else(|| format!("day {day}"), |date| date.to_string())
}

fn counted(count: i64, of: Counted, days: Days) -> String {
    format!("{count} {} from {} to {}", word(&of), date(days.first), date(days.last))
}
