//! How far a customer has come with us. Facts decide, and only how many there are and which is the last, so
//! that they can come in any order.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use schema::api::{customer::CustomerStage, interaction::Phase};

/// Who has not bought for longer than this has lapsed.
const LAPSES_AFTER: TimeDelta = TimeDelta::days(365);

/// What happened, as far as the stage is concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) purchases: i64,
    pub(crate) presales_contacts: i64,
    pub(crate) last_purchase_at: Option<DateTime<Utc>>,
}

impl Facts {
    /// With one more purchase.
    pub(crate) fn bought(self, at: DateTime<Utc>) -> Self {
        Self { purchases: self.purchases + 1, last_purchase_at: self.last_purchase_at.max(Some(at)), ..self }
    }

    /// With one more contact.
    pub(crate) fn contacted(self, phase: Phase) -> Self {
        match phase {
            Phase::Presales => Self { presales_contacts: self.presales_contacts + 1, ..self },
            Phase::Sales | Phase::Aftersales => self,
        }
    }

    /// The stage by these facts alone, whatever the day is.
    pub(crate) fn reached(&self) -> CustomerStage {
        match (self.purchases, self.presales_contacts) {
            (2.., _) => CustomerStage::RepeatBuyer,
            (1, _) => CustomerStage::FirstBuyer,
            (_, 1..) => CustomerStage::Prospect,
            _ => CustomerStage::Lead,
        }
    }
}

/// Who bought last before this has lapsed on the day.
pub(crate) fn lapsed_before(today: NaiveDate) -> DateTime<Utc> {
    today.and_time(NaiveTime::MIN).and_utc() - LAPSES_AFTER
}

/// The stage on a day.
pub(crate) fn on(
    today: NaiveDate,
    reached: CustomerStage,
    last_purchase_at: Option<DateTime<Utc>>,
) -> CustomerStage {
    if last_purchase_at.is_some_and(|at| at < lapsed_before(today)) { CustomerStage::Lapsed } else { reached }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn every_order_ends_at_the_same_stage() {
        let steps: [fn(Facts) -> Facts; 4] = [
            |facts| facts.bought(at("2026-03-01T10:00:00Z")),
            |facts| facts.bought(at("2026-01-01T10:00:00Z")),
            |facts| facts.contacted(Phase::Presales),
            |facts| facts.contacted(Phase::Aftersales),
        ];
        let wanted =
            Facts { purchases: 2, presales_contacts: 1, last_purchase_at: Some(at("2026-03-01T10:00:00Z")) };
        for number in 0..24_usize {
            // The number's digits in the factorial system name a permutation.
            let mut left: Vec<usize> = (0..4).collect();
            let picks = [number / 6, number / 2 % 3, number % 2, 0];
            let ended = picks.iter().fold(Facts::default(), |facts, pick| steps[left.remove(*pick)](facts));
            assert_eq!(ended, wanted, "{number}");
        }
        assert_eq!(wanted.reached(), CustomerStage::RepeatBuyer);
    }

    #[test]
    fn each_stage_is_reached_by_its_facts() {
        let facts =
            |purchases, presales_contacts| Facts { purchases, presales_contacts, last_purchase_at: None };
        for (facts, stage) in [
            (facts(0, 0), CustomerStage::Lead),
            (facts(0, 3), CustomerStage::Prospect),
            (facts(1, 0), CustomerStage::FirstBuyer),
            (facts(1, 9), CustomerStage::FirstBuyer),
            (facts(2, 0), CustomerStage::RepeatBuyer),
            (facts(900, 1), CustomerStage::RepeatBuyer),
        ] {
            assert_eq!(facts.reached(), stage, "{facts:?}");
        }
    }

    #[test]
    fn after_365_days_a_buyer_has_lapsed() {
        let last = Some(at("2025-11-22T00:00:00Z"));
        let reached = CustomerStage::FirstBuyer;
        assert_eq!(on(day("2026-11-22"), reached, last), reached);
        assert_eq!(on(day("2026-11-23"), reached, last), CustomerStage::Lapsed);
        assert_eq!(on(day("2026-11-23"), CustomerStage::Prospect, None), CustomerStage::Prospect);
    }
}
