//! Months as numbers, so that they can be counted and compared in the same way everywhere.

use chrono::{DateTime, Datelike as _, Utc};
use schema::moment;

/// The most months of one answer.
const MOST: i64 = 60;

/// A month: months since the year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month(i64);

impl Month {
    /// The month of a time (UTC).
    pub(crate) fn of(at: DateTime<Utc>) -> Self {
        Self(i64::from(at.year()) * 12 + i64::from(at.month0()))
    }

    /// Its number.
    pub(crate) const fn number(self) -> i64 {
        self.0
    }

    /// Reads `2026-01`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let first = format!("{text}-01T00:00:00Z");
        let at: DateTime<Utc> = first.parse().ok()?;
        (text.len() == 7 && moment::is_storable(at)).then(|| Self::of(at))
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// A first and a last month, in order, at most 60.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Months {
    pub(crate) from: Month,
    pub(crate) to: Month,
}

impl Months {
    /// The months from one to another; `Err` names the end that is wrong and what would be right.
    pub(crate) fn parse(from: &str, to: &str) -> Result<Self, (&'static str, &'static str)> {
        const FORM: &str = "a month has the form 2026-01 and is not before 1900";
        let from = Month::parse(from).ok_or(("/from", FORM))?;
        let to = Month::parse(to).ok_or(("/to", FORM))?;
        match to.0 - from.0 + 1 {
            1..=MOST => Ok(Self { from, to }),
            ..1 => Err(("/to", "the last month is not before the first")),
            _ => Err(("/to", "at most 60 months at once")),
        }
    }

    /// Each of them, in order.
    pub(crate) fn each(self) -> impl Iterator<Item = Month> {
        (self.from.0..=self.to.0).map(Month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_and_written_alike() {
        for text in ["1900-01", "1997-12", "2026-11", "9999-12"] {
            assert_eq!(Month::parse(text).map(|month| month.to_string()), Some(text.to_owned()));
        }
        for wrong in
            ["", "2026", "2026-13", "2026-00", "2026-1", "1899-12", "2026-01-01", "+026-01", "２０26-01"]
        {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_range_is_in_order_and_bounded() {
        let months = |from, to| Months::parse(from, to).map(|months| months.each().count());
        assert_eq!(months("1997-11", "1998-02"), Ok(4));
        assert_eq!(months("1997-01", "1997-01"), Ok(1));
        assert_eq!(months("1997-01", "2001-12"), Ok(60));
        assert_eq!(months("1997-01", "2002-01").map_err(|wrong| wrong.0), Err("/to"));
        assert_eq!(months("1997-02", "1997-01").map_err(|wrong| wrong.0), Err("/to"));
        assert_eq!(months("May", "1997-01").map_err(|wrong| wrong.0), Err("/from"));
    }

    #[test]
    fn the_month_of_a_time_is_that_of_utc() {
        let at = |text: &str| Month::of(text.parse().expect("a time")).to_string();
        assert_eq!(at("1997-12-31T23:59:59.999999Z"), "1997-12");
        assert_eq!(at("1998-01-01T07:00:00+08:00"), "1997-12");
    }
}
