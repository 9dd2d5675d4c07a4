//! Quiet hours: the first time outside of them, by the customer's clock.

use chrono::{DateTime, LocalResult, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;
use schema::api::{customer::QuietSpan, interaction::Channel};

/// The minutes of a day.
const DAY: i32 = 1_440;
/// Within this time some minute is free, or none ever is; two days, because a clock can be put forward.
const SEARCH: TimeDelta = TimeDelta::days(2);

/// The first time from `at` on that lies in no quiet span of this channel; none when the spans leave nothing
/// of the day.
pub(super) fn first_free(
    spans: &[QuietSpan],
    channel: Channel,
    at: DateTime<Utc>,
    zone: Tz,
) -> Option<DateTime<Utc>> {
    let mut free = at;
    while free - at <= SEARCH {
        let local = free.with_timezone(&zone).naive_local();
        let minute = i32::try_from(local.hour() * 60 + local.minute()).unwrap_or(0);
        let quiet = spans.iter().filter(|one| one.channel.is_none_or(|only| only == channel));
        let Some(left) = quiet.filter_map(|span| left_of(span, minute)).max() else {
            return Some(free);
        };
        let whole = local.date().and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute));
        // Never stands still: a clock that is put back would show the same minute again.
        let ends = instant(whole + TimeDelta::minutes(i64::from(left)), zone)?;
        free = if ends > free { ends } else { free + TimeDelta::minutes(i64::from(left)) };
    }
    None
}

/// How many minutes of the span are left at this minute of the day; none outside of it.
fn left_of(span: &QuietSpan, minute: i32) -> Option<i32> {
    let (from, until) = (span.from_minute, span.until_minute);
    let over_midnight = until < from;
    let inside =
        if over_midnight { minute >= from || minute < until } else { minute >= from && minute < until };
    let left = if over_midnight && minute >= from { DAY - minute + until } else { until - minute };
    inside.then_some(left).filter(|left| *left > 0)
}

/// When the customer's clock shows this; what it leaves out when it is put forward is the first time after.
fn instant(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    // No zone leaves out more than a day.
    (0..=24).find_map(|half_hours| {
        match zone.from_local_datetime(&(local + TimeDelta::minutes(half_hours * 30))) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.with_timezone(&Utc)),
            LocalResult::None => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn span(channel: Option<Channel>, from_minute: i32, until_minute: i32) -> QuietSpan {
        QuietSpan { channel, from_minute, until_minute }
    }

    /// Row 51: no calls before 10. At 9:00 in Shanghai it is 1:00 UTC.
    #[test]
    fn no_calls_before_ten() {
        let zone = chrono_tz::Asia::Shanghai;
        let spans = [span(Some(Channel::Phone), 0, 600)];
        let free = |channel, text| first_free(&spans, channel, at(text), zone);
        assert_eq!(free(Channel::Phone, "2026-11-23T01:00:00Z"), Some(at("2026-11-23T02:00:00Z")));
        assert_eq!(free(Channel::Phone, "2026-11-23T01:59:59Z"), Some(at("2026-11-23T02:00:00Z")));
        assert_eq!(free(Channel::Phone, "2026-11-23T02:00:00Z"), Some(at("2026-11-23T02:00:00Z")));
        assert_eq!(free(Channel::Sms, "2026-11-23T01:00:00Z"), Some(at("2026-11-23T01:00:00Z")));
    }

    /// 22:00 to 8:00, and to 10:00 on the phone: one span ends within another.
    #[test]
    fn spans_go_over_midnight_and_into_each_other() {
        let zone = chrono_tz::UTC;
        let spans = [span(None, 1_320, 480), span(Some(Channel::Phone), 0, 600)];
        let free = |channel, text| first_free(&spans, channel, at(text), zone);
        assert_eq!(free(Channel::Phone, "2026-11-22T23:30:20Z"), Some(at("2026-11-23T10:00:00Z")));
        assert_eq!(free(Channel::Sms, "2026-11-22T23:30:20Z"), Some(at("2026-11-23T08:00:00Z")));
        assert_eq!(free(Channel::Sms, "2026-11-23T07:59:00Z"), Some(at("2026-11-23T08:00:00Z")));
        assert_eq!(free(Channel::Sms, "2026-11-23T21:59:59Z"), Some(at("2026-11-23T21:59:59Z")));
    }

    #[test]
    fn a_day_without_a_free_minute_has_none() {
        let spans = [span(None, 0, 720), span(None, 720, 1_440)];
        assert_eq!(first_free(&spans, Channel::Sms, at("2026-11-22T05:00:00Z"), chrono_tz::UTC), None);
    }

    /// In Berlin 2:00 to 3:00 does not exist on 29 March 2026, and exists twice on 25 October.
    #[test]
    fn clocks_that_are_put_forward_and_back() {
        let zone = chrono_tz::Europe::Berlin;
        let until = |minute| [span(None, 0, minute)];
        let free = |minute, text| first_free(&until(minute), Channel::Sms, at(text), zone);
        assert_eq!(free(150, "2026-03-28T23:30:00Z"), Some(at("2026-03-29T01:00:00Z")), "3:00 summer time");
        assert_eq!(free(150, "2026-10-24T22:30:00Z"), Some(at("2026-10-25T00:30:00Z")), "the first 2:30");
    }

    /// Every minute of two days against what the minute itself says.
    #[test]
    fn the_first_free_minute_is_the_first() {
        let zone = chrono_tz::Europe::Berlin;
        let spans = [span(None, 1_300, 90), span(None, 600, 660), span(Some(Channel::Phone), 650, 700)];
        let is_quiet = |at: DateTime<Utc>| {
            let local = at.with_timezone(&zone);
            let minute = i32::try_from(local.hour() * 60 + local.minute()).expect("a minute");
            spans.iter().any(|span| left_of(span, minute).is_some())
        };
        for start in 0..2_880 {
            let start = at("2026-11-20T00:00:00Z") + TimeDelta::minutes(start);
            let mut expected = start;
            while is_quiet(expected) {
                expected += TimeDelta::minutes(1);
            }
            assert_eq!(first_free(&spans, Channel::Phone, start, zone), Some(expected), "{start}");
        }
    }
}
