//! Business time: when something happened, as people and imports tell it.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};

/// The years that both databases keep and order alike; imported histories do not reach further back.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9999;
/// How far ahead of ours a clock may be.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// Whether a time can be stored and compared.
pub fn is_storable(at: DateTime<Utc>) -> bool {
    YEARS.contains(&at.year())
}

/// A business time to the microsecond (the finest that is kept); `Err` says what would be right.
///
/// # Errors
/// The rule that it breaks.
pub fn parse(written: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, &'static str> {
    if !is_storable(written) {
        return Err("it is not before the year 1900");
    }
    if written > now + AHEAD {
        return Err("it is not more than a day in the future");
    }
    // By way of the timestamp, which also turns a leap second into an ordinary one.
    DateTime::from_timestamp_micros(written.timestamp_micros()).ok_or("it is not before the year 1900")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn a_day_ahead_is_the_latest() {
        let now = at("2026-11-21T12:00:00Z");
        assert_eq!(parse(at("2026-11-22T12:00:00Z"), now), Ok(at("2026-11-22T12:00:00Z")));
        assert!(parse(at("2026-11-22T12:00:00.000001Z"), now).is_err());
    }

    #[test]
    fn what_no_database_orders_is_refused() {
        let now = at("2026-11-21T12:00:00Z");
        assert!(parse(at("1899-12-31T23:59:59Z"), now).is_err());
        assert!(parse(DateTime::<Utc>::MIN_UTC, now).is_err());
        assert!(parse(DateTime::<Utc>::MAX_UTC, now).is_err());
    }

    #[test]
    fn it_is_kept_to_the_microsecond() {
        let now = at("2026-11-21T12:00:00Z");
        let kept = parse(at("2026-11-21T11:59:59.123456789Z"), now);
        assert_eq!(kept, Ok(at("2026-11-21T11:59:59.123456Z")));
    }

    #[test]
    fn a_leap_second_is_the_second_after() {
        let kept = parse(at("2016-12-31T23:59:60Z"), at("2026-11-21T12:00:00Z"));
        assert_eq!(kept, Ok(at("2017-01-01T00:00:00Z")));
    }
}
