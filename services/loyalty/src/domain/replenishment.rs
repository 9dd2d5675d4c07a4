//! When a customer runs out of what is used up steadily, and by when to deliver: days of supply (Silver, Pyke
//! and Thomas, 2017). Integers only: quantities in thousandths of the article's unit, rates in millionths of
//! such a thousandth for each day.

use chrono::{DateTime, TimeDelta, Utc};
use schema::{api::loyalty::RateSource, moment};

/// Microseconds of a day.
const DAY: i128 = 86_400_000_000;
/// Rates count in millionths.
const MILLION: i128 = 1_000_000;

/// How much there was at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Filled {
    pub(crate) at: DateTime<Utc>,
    pub(crate) milli: i64,
}

/// What was said about how an article is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) persons: Option<u32>,
    pub(crate) person_day_milli: Option<i64>,
    pub(crate) lead_days: u32,
    pub(crate) buffer_days: u32,
    /// How much there was when it was looked at.
    pub(crate) fill: Option<Filled>,
}

/// When it runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Forecast {
    pub(crate) source: RateSource,
    /// In millionths of a thousandth for each day.
    pub(crate) rate: Option<i64>,
    pub(crate) fill: Option<Filled>,
    pub(crate) stock_now_milli: Option<i64>,
    /// In thousandths of a day.
    pub(crate) days_left_milli: Option<i64>,
    pub(crate) runs_out_at: Option<DateTime<Utc>>,
    pub(crate) deliver_by: Option<DateTime<Utc>>,
    pub(crate) deliver_in_days: Option<i64>,
    pub(crate) refill_milli: Option<i64>,
}

impl Setting {
    /// The forecast at a time, by deliveries in the order in which they happened.
    pub(crate) fn forecast(&self, deliveries: &[Filled], now: DateTime<Utc>) -> Forecast {
        let (source, rate) = match (self.declared(), learned(deliveries)) {
            (Some(rate), _) => (RateSource::Declared, Some(rate)),
            (None, Some(rate)) => (RateSource::Learned, Some(rate)),
            (None, None) => (RateSource::Unknown, None),
        };
        let fill = self.last_fill(deliveries, rate);
        let nothing = Forecast {
            source,
            rate,
            fill,
            stock_now_milli: None,
            days_left_milli: None,
            runs_out_at: None,
            deliver_by: None,
            deliver_in_days: None,
            refill_milli: None,
        };
        let (Some(rate), Some(fill)) = (rate, fill) else { return nothing };
        let stock_now = left(fill, rate, now);
        let with_stock = Forecast { stock_now_milli: Some(stock_now), ..nothing };
        let Some(runs_out_at) = runs_out(fill, rate) else { return with_stock };
        let ahead = TimeDelta::days(i64::from(self.lead_days) + i64::from(self.buffer_days));
        let deliver_by = runs_out_at.checked_sub_signed(ahead).filter(|at| moment::is_storable(*at));
        let at_delivery = deliver_by.map(|at| left(fill, rate, at.max(now)));
        Forecast {
            days_left_milli: Some(narrow(i128::from(stock_now) * MILLION * 1_000 / i128::from(rate))),
            runs_out_at: Some(runs_out_at),
            deliver_by,
            deliver_in_days: deliver_by.map(|at| (at - now).num_days().max(0)),
            refill_milli: at_delivery.map(|left| fill.milli - left),
            ..with_stock
        }
    }

    /// The rate that was said. Where nobody uses it, nothing is used.
    fn declared(&self) -> Option<i64> {
        match (self.persons?, self.person_day_milli) {
            (0, _) => Some(0),
            (persons, Some(milli)) => Some(narrow(i128::from(persons) * i128::from(milli) * MILLION)),
            (_, None) => None,
        }
    }

    /// How much there was last: by the last delivery, which is taken to have come when nothing was left; or,
    /// where it was looked at, by what was there and every delivery since.
    fn last_fill(&self, deliveries: &[Filled], rate: Option<i64>) -> Option<Filled> {
        let Some(seen) = self.fill else {
            let last = deliveries.last()?;
            let same = deliveries.iter().filter(|one| one.at == last.at).map(|one| i128::from(one.milli));
            return Some(Filled { at: last.at, milli: narrow(same.sum()) });
        };
        let since = deliveries.iter().filter(|one| one.at > seen.at);
        Some(since.fold(seen, |fill, delivered| {
            let level = left(fill, rate.unwrap_or_default(), delivered.at);
            Filled { at: delivered.at, milli: level.saturating_add(delivered.milli) }
        }))
    }
}

/// The rate by which all but the last delivery were used up between the first and the last.
fn learned(deliveries: &[Filled]) -> Option<i64> {
    let (first, last) = (deliveries.first()?, deliveries.last()?);
    let elapsed = i128::from((last.at - first.at).num_microseconds()?);
    if elapsed <= 0 {
        return None;
    }
    let used: i128 = deliveries.iter().filter(|one| one.at < last.at).map(|one| i128::from(one.milli)).sum();
    Some(narrow(used.saturating_mul(MILLION * DAY) / elapsed))
}

/// How much of a fill is left at a time.
fn left(fill: Filled, rate: i64, at: DateTime<Utc>) -> i64 {
    let elapsed = i128::from((at - fill.at).num_microseconds().unwrap_or(i64::MAX).max(0));
    let used = i128::from(rate).saturating_mul(elapsed) / (MILLION * DAY);
    narrow((i128::from(fill.milli) - used).max(0))
}

/// When a fill is used up; never, when nothing is used or it lasts beyond all calendars.
fn runs_out(fill: Filled, rate: i64) -> Option<DateTime<Utc>> {
    if rate <= 0 {
        return None;
    }
    let lasts = i128::from(fill.milli.max(0)).saturating_mul(MILLION * DAY) / i128::from(rate);
    let lasts = TimeDelta::microseconds(i64::try_from(lasts).ok()?);
    fill.at.checked_add_signed(lasts).filter(|at| moment::is_storable(*at))
}

fn narrow(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64) -> DateTime<Utc> {
        "2026-03-01T08:00:00Z".parse::<DateTime<Utc>>().expect("a time") + TimeDelta::days(number)
    }

    fn filled(on: i64, milli: i64) -> Filled {
        Filled { at: day(on), milli }
    }

    fn family(persons: u32) -> Setting {
        let fill = Some(filled(0, 20_000));
        Setting { persons: Some(persons), person_day_milli: Some(400), lead_days: 1, buffer_days: 2, fill }
    }

    #[test]
    fn four_persons_use_what_they_use() {
        let found = family(4).forecast(&[], day(8));
        assert_eq!((found.source, found.rate), (RateSource::Declared, Some(1_600_000_000)));
        assert_eq!((found.stock_now_milli, found.days_left_milli), (Some(7_200), Some(4_500)));
        assert_eq!(found.runs_out_at, Some(day(12) + TimeDelta::hours(12)));
        assert_eq!(found.deliver_by, Some(day(9) + TimeDelta::hours(12)));
        assert_eq!(found.deliver_in_days, Some(1));
        // 20 kg less the 4.8 kg that are there after nine and a half days.
        assert_eq!(found.refill_milli, Some(15_200));
        let later = family(4).forecast(&[], day(12));
        assert_eq!((later.stock_now_milli, later.days_left_milli), (Some(800), Some(500)));
        assert_eq!((later.deliver_in_days, later.refill_milli), (Some(0), Some(19_200)));
        let long_after = family(4).forecast(&[], day(400));
        assert_eq!((long_after.stock_now_milli, long_after.refill_milli), (Some(0), Some(20_000)));
    }

    #[test]
    fn where_nobody_uses_it_there_is_no_date() {
        let found = family(0).forecast(&[filled(0, 20_000), filled(9, 20_000)], day(8));
        assert_eq!((found.source, found.rate), (RateSource::Declared, Some(0)));
        assert_eq!(found.runs_out_at.or(found.deliver_by), None);
        assert_eq!(found.days_left_milli.or(found.deliver_in_days).or(found.refill_milli), None);
        let found = family(0).forecast(&[], day(8));
        assert_eq!(found.stock_now_milli, Some(20_000));
    }

    #[test]
    fn the_rate_is_learned_from_deliveries() {
        let deliveries = [filled(0, 20_000), filled(13, 20_000), filled(25, 18_000)];
        let setting =
            Setting { persons: None, person_day_milli: None, lead_days: 1, buffer_days: 2, fill: None };
        let found = setting.forecast(&deliveries, day(30));
        assert_eq!((found.source, found.rate), (RateSource::Learned, Some(1_600_000_000)));
        assert_eq!(found.runs_out_at, Some(day(36) + TimeDelta::hours(6)), "18 kg last 11.25 days");
        assert_eq!((found.stock_now_milli, found.days_left_milli), (Some(10_000), Some(6_250)));
        for few in [&deliveries[..0], &deliveries[..1], &[deliveries[0], deliveries[0]]] {
            let found = setting.forecast(few, day(30));
            assert_eq!((found.source, found.rate, found.runs_out_at), (RateSource::Unknown, None, None));
            assert_eq!(found.fill.is_some(), !few.is_empty());
        }
    }

    #[test]
    fn a_delivery_comes_on_top_of_what_was_seen() {
        // 20 kg seen on day 0, 12 kg left on day 5, 10 kg come.
        let found = family(4).forecast(&[filled(-3, 50_000), filled(5, 10_000)], day(5));
        assert_eq!(found.fill, Some(filled(5, 22_000)));
        assert_eq!(found.stock_now_milli, Some(22_000));
    }

    #[test]
    fn the_ends_of_the_range_neither_overflow_nor_crash() {
        for milli in [0, 1, i64::MAX] {
            for rate in [0, 1, i64::MAX] {
                for persons in [None, Some(0), Some(u32::MAX)] {
                    let setting = Setting {
                        persons,
                        person_day_milli: Some(rate),
                        lead_days: u32::MAX,
                        buffer_days: u32::MAX,
                        fill: Some(filled(0, milli)),
                    };
                    let deliveries = [filled(-400_000, milli), filled(0, i64::MAX), filled(9, i64::MAX)];
                    for now in [day(0), day(-300_000), day(2_000_000)] {
                        let found = setting.forecast(&deliveries, now);
                        assert!(found.stock_now_milli.is_none_or(|left| left >= 0));
                        assert!(found.deliver_in_days.is_none_or(|days| days >= 0));
                    }
                }
            }
        }
    }
}
