//! Working time: when somebody is there, and how much of that lies between two times.
//!
//! A span is a part of a day by the clock on the wall, in the calendar's time zone. Any instant belongs to
//! working time if the clock on the wall, at that instant, stands within a span of its date. Everything about
//! daylight saving follows from this one rule: wall-clock time that is skipped in spring does not count, and
//! wall-clock time that is shown twice in autumn counts twice, so that a night shift is an hour shorter or
//! longer, as it really is.
//!
//! Time is walked in stretches of constant offset within one date, a few steps for each day, never by minutes.

use std::collections::BTreeMap;

use chrono::{
    DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta,
    TimeZone as _, Utc,
};
use chrono_tz::Tz;

/// The minutes of a day by the clock on the wall.
pub(crate) const DAY: i32 = 1_440;
/// The most spans of one day.
pub(crate) const MOST_SPANS: usize = 4;
/// How far ahead a due time is looked for.
pub(crate) const HORIZON_DAYS: u32 = 1_100;

/// A part of a day, in minutes from midnight; `from` is in it and `to` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hours {
    from: i32,
    to: i32,
}

impl Hours {
    /// The span, when it is one.
    pub(crate) const fn new(from: i32, to: i32) -> Option<Self> {
        if 0 <= from && from < to && to <= DAY { Some(Self { from, to }) } else { None }
    }
}

/// When somebody is there.
#[derive(Clone, Debug)]
pub(crate) struct WorkingTime {
    zone: Tz,
    /// From Monday; each day's spans in order, without overlap.
    week: [Vec<Hours>; 7],
    /// Days that differ from their day of the week; a holiday has no spans.
    days: BTreeMap<NaiveDate, Vec<Hours>>,
}

/// There is not that much working time ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoTime {
    /// In how many days.
    within_days: u32,
}

impl std::fmt::Display for NoTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "this calendar has no working time, or not enough of it, within {} days", self.within_days)
    }
}

/// A stretch of working time: from, in it, and to, not in it.
type Stretch = (DateTime<Utc>, DateTime<Utc>);

impl WorkingTime {
    /// Every minute of every day.
    pub(crate) fn always() -> Self {
        let whole = || vec![Hours { from: 0, to: DAY }];
        Self { zone: Tz::UTC, week: std::array::from_fn(|_| whole()), days: BTreeMap::new() }
    }

    /// The time in these spans; none when those of a day overlap or are out of order.
    pub(crate) fn new(
        zone: Tz,
        week: [Vec<Hours>; 7],
        days: BTreeMap<NaiveDate, Vec<Hours>>,
    ) -> Option<Self> {
        let in_order = |spans: &Vec<Hours>| spans.windows(2).all(|two| two[0].to <= two[1].from);
        (week.iter().all(in_order) && days.values().all(in_order)).then_some(Self { zone, week, days })
    }

    /// When so many working minutes are over, beginning at `from`: the first instant at which they are.
    pub(crate) fn add(&self, from: DateTime<Utc>, minutes: i64) -> Result<DateTime<Utc>, NoTime> {
        self.add_within(from, minutes, HORIZON_DAYS)
    }

    fn add_within(
        &self,
        from: DateTime<Utc>,
        minutes: i64,
        within_days: u32,
    ) -> Result<DateTime<Utc>, NoTime> {
        let no_time = NoTime { within_days };
        let mut left = TimeDelta::try_minutes(minutes).ok_or(no_time)?;
        if left <= TimeDelta::zero() {
            return Ok(from);
        }
        let end = from.checked_add_days(Days::new(within_days.into())).ok_or(no_time)?;
        for (begin, stop) in self.walk(from, end) {
            let there = stop - begin;
            if left <= there {
                return Ok(begin + left);
            }
            left -= there;
        }
        Err(no_time)
    }

    /// The working time between two times, in whole minutes; what is left over is dropped. Nothing when the
    /// second is not after the first.
    pub(crate) fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        let mut sum = TimeDelta::zero();
        for (begin, stop) in self.walk(from, to) {
            sum += stop - begin;
        }
        sum.num_minutes()
    }

    /// The date on the wall at this time.
    pub(crate) fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// The first instant at which the clock on the wall shows this time of the date, or a later one when it is
    /// skipped; of a time that is shown twice, the earlier.
    pub(crate) fn at(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let wanted = date.and_time(time);
        if let Some(shown) = self.zone.from_local_datetime(&wanted).earliest() {
            return shown.to_utc();
        }
        // It is skipped. No offset is a whole day: a day before, the clock shows less, and a day after, more.
        let (mut before, mut after) =
            ((wanted - TimeDelta::days(1)).and_utc(), (wanted + TimeDelta::days(1)).and_utc());
        while after - before > TimeDelta::seconds(1) {
            let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
            if self.local(middle) < wanted { before = middle } else { after = middle }
        }
        after
    }

    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.naive_utc() + self.offset(at)
    }

    /// By how much the clock on the wall is ahead.
    fn offset(&self, at: DateTime<Utc>) -> TimeDelta {
        let seconds = self.zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
        TimeDelta::seconds(seconds.into())
    }

    fn spans(&self, date: NaiveDate) -> &[Hours] {
        match self.days.get(&date) {
            Some(spans) => spans,
            None => &self.week[date.weekday().num_days_from_monday() as usize],
        }
    }

    /// The stretches of working time from `at` to `end`, in order.
    fn walk(&self, at: DateTime<Utc>, end: DateTime<Utc>) -> impl Iterator<Item = Stretch> + '_ {
        let mut at = at;
        let days = std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let (begin, offset) = (at, self.offset(at));
            let date = (begin.naive_utc() + offset).date();
            let midnight = (date.and_time(NaiveTime::MIN) - offset).and_utc();
            at = self.change_before(begin, midnight + TimeDelta::days(1), offset);
            Some((date, midnight, begin, at.min(end)))
        });
        days.flat_map(move |(date, midnight, begin, stop)| {
            let minute = move |minute: i32| midnight + TimeDelta::minutes(minute.into());
            self.spans(date).iter().filter_map(move |span| {
                let stretch = (minute(span.from).max(begin), minute(span.to).min(stop));
                (stretch.0 < stretch.1).then_some(stretch)
            })
        })
    }

    /// When the offset changes, or `end` when it does not before. No zone changes it twice within a day.
    fn change_before(&self, begin: DateTime<Utc>, end: DateTime<Utc>, offset: TimeDelta) -> DateTime<Utc> {
        let (mut same, mut other) = (begin, end);
        if self.offset(end - TimeDelta::seconds(1)) == offset {
            return end;
        }
        while other - same > TimeDelta::seconds(1) {
            let middle = same + TimeDelta::seconds((other - same).num_seconds() / 2);
            if self.offset(middle) == offset { same = middle } else { other = middle }
        }
        // Changes are on whole seconds; `begin` need not be.
        let whole = DateTime::from_timestamp(other.timestamp(), 0).unwrap_or(other);
        if self.offset(whole) == offset { other } else { whole.max(begin) }
    }
}

#[cfg(test)]
mod tests;
