//! Days that both databases keep and order alike.

use chrono::{Datelike as _, NaiveDate};

const YEARS: std::ops::RangeInclusive<i32> = 1900..=9999;

/// The last of these days: the end of what has no end.
pub(crate) const LAST: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};
/// What to say of a day that is none of them.
pub(crate) const RULE: &str = "a day is between the years 1900 and 9999";

/// Whether it is one of these days.
pub(crate) fn is_storable(day: NaiveDate) -> bool {
    YEARS.contains(&day.year())
}
