//! Days and times in whatever form a file has them.

use chrono::{
    DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc,
    format::{Item, Parsed, StrftimeItems},
};
use chrono_tz::Tz;
use serde::Deserialize;

/// The forms that a file has days and times in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatesMapping {
    /// Tried one after the other: `iso`, `epoch` (seconds), `epoch-ms`, or a pattern such as `%d.%m.%Y %H:%M`.
    #[serde(default = "iso")]
    formats: Vec<String>,
    /// Time zone of times without an offset (IANA), such as `Europe/Berlin`.
    #[serde(default = "utc")]
    timezone: String,
}

fn iso() -> Vec<String> {
    vec!["iso".to_owned()]
}

fn utc() -> String {
    "UTC".to_owned()
}

impl Default for DatesMapping {
    fn default() -> Self {
        Self { formats: iso(), timezone: utc() }
    }
}

/// Reads days and times.
#[derive(Clone, Debug)]
pub(crate) struct Dates {
    forms: Vec<Form>,
    zone: Tz,
    /// The forms as the mapping has them, for messages.
    names: String,
}

#[derive(Clone, Debug)]
enum Form {
    Pattern(Vec<Item<'static>>),
    Seconds,
    Milliseconds,
}

/// What a text says.
enum Told {
    Instant(DateTime<FixedOffset>),
    Local(NaiveDateTime),
    Day(NaiveDate),
}

/// Patterns of ISO 8601 as it is met, the most exact first. The blank stands for `T` too.
const ISO: [&str; 5] =
    ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M%#z", "%Y-%m-%d %H:%M", "%Y-%m-%d"];

impl Dates {
    /// A reader of what the mapping says.
    ///
    /// # Errors
    /// Names the form or time zone that does not exist.
    pub(crate) fn new(mapping: &DatesMapping) -> Result<Self, String> {
        let zone = mapping.timezone.parse::<Tz>().map_err(|_| {
            format!("dates.timezone: `{}` is no time zone such as Europe/Berlin", mapping.timezone)
        })?;
        let mut forms = Vec::new();
        for format in &mapping.formats {
            match format.as_str() {
                "iso" => {
                    for pattern in ISO {
                        forms.push(Form::Pattern(items(pattern)?));
                    }
                }
                "epoch" => forms.push(Form::Seconds),
                "epoch-ms" => forms.push(Form::Milliseconds),
                pattern => forms.push(Form::Pattern(items(pattern)?)),
            }
        }
        if forms.is_empty() {
            return Err("dates.formats is empty; leave it out for ISO 8601".to_owned());
        }
        Ok(Self { forms, zone, names: mapping.formats.join("` or `") })
    }

    /// A time; a day alone is its first moment in the mapping's time zone.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub(crate) fn instant(&self, text: &str) -> Result<DateTime<Utc>, String> {
        let local = match self.read(text)? {
            Told::Instant(instant) => return Ok(instant.to_utc()),
            Told::Local(local) => local,
            Told::Day(day) => day.and_time(NaiveTime::MIN),
        };
        match self.zone.from_local_datetime(&local) {
            // Of an hour that the clock showed twice, the first.
            LocalResult::Single(one) | LocalResult::Ambiguous(one, _) => Ok(one.to_utc()),
            LocalResult::None => Err(format!("the clock never showed this time in {}", self.zone)),
        }
    }

    /// A day.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub(crate) fn day(&self, text: &str) -> Result<NaiveDate, String> {
        Ok(match self.read(text)? {
            Told::Instant(instant) => instant.with_timezone(&self.zone).date_naive(),
            Told::Local(local) => local.date(),
            Told::Day(day) => day,
        })
    }

    fn read(&self, text: &str) -> Result<Told, String> {
        let text = text.trim();
        let found = self.forms.iter().find_map(|form| match form {
            Form::Seconds => Some(Told::Instant(DateTime::from_timestamp(text.parse().ok()?, 0)?.into())),
            Form::Milliseconds => {
                Some(Told::Instant(DateTime::from_timestamp_millis(text.parse().ok()?)?.into()))
            }
            Form::Pattern(items) => told(text, items),
        });
        found.ok_or_else(|| format!("it is no date of the form `{}`", self.names))
    }
}

fn items(pattern: &str) -> Result<Vec<Item<'static>>, String> {
    StrftimeItems::new(pattern)
        .parse_to_owned()
        .map_err(|_| format!("dates.formats: `{pattern}` is no pattern such as %Y-%m-%d"))
}

fn told(text: &str, items: &[Item<'static>]) -> Option<Told> {
    // `T` between day and time is written as a blank in our patterns.
    let spaced;
    let text = match text.as_bytes().get(10) {
        Some(b'T' | b't') => {
            spaced = text.replacen(['T', 't'], " ", 1);
            &spaced
        }
        _ => text,
    };
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text, items.iter()).ok()?;
    if let Ok(instant) = parsed.to_datetime() {
        return Some(Told::Instant(instant));
    }
    if let Ok(local) = parsed.to_naive_datetime_with_offset(0) {
        return Some(Told::Local(local));
    }
    parsed.to_naive_date().ok().map(Told::Day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dates(formats: &[&str], timezone: &str) -> Dates {
        let formats = formats.iter().map(|format| (*format).to_owned()).collect();
        Dates::new(&DatesMapping { formats, timezone: timezone.to_owned() }).expect("a reader")
    }

    fn instant(dates: &Dates, text: &str) -> String {
        dates.instant(text).expect(text).to_rfc3339()
    }

    #[test]
    fn days_and_times_of_every_form_are_read() {
        let packed = dates(&["%Y%m%d"], "UTC");
        assert_eq!(instant(&packed, "19970101"), "1997-01-01T00:00:00+00:00");
        let german = dates(&["%d.%m.%Y %H:%M", "%d.%m.%Y"], "Europe/Berlin");
        assert_eq!(instant(&german, "1.7.1998 13:05"), "1998-07-01T11:05:00+00:00");
        assert_eq!(instant(&german, "31.12.1997"), "1997-12-30T23:00:00+00:00");
        let american = dates(&["%m/%d/%Y %I:%M %p"], "UTC");
        assert_eq!(instant(&american, "07/04/1998 01:30 PM"), "1998-07-04T13:30:00+00:00");
        let iso = dates(&["iso"], "Asia/Shanghai");
        for (text, expected) in [
            ("2026-11-21T12:00:00Z", "2026-11-21T12:00:00+00:00"),
            ("2026-11-21T12:00:00.25+02:00", "2026-11-21T10:00:00.250+00:00"),
            ("2026-11-21 12:00:00", "2026-11-21T04:00:00+00:00"),
            ("2026-11-21T12:00", "2026-11-21T04:00:00+00:00"),
            ("2026-11-21", "2026-11-20T16:00:00+00:00"),
        ] {
            assert_eq!(instant(&iso, text), expected);
        }
        assert_eq!(instant(&dates(&["epoch"], "UTC"), "867715200"), "1997-07-01T00:00:00+00:00");
        assert_eq!(instant(&dates(&["epoch-ms"], "UTC"), "867715200123"), "1997-07-01T00:00:00.123+00:00");
    }

    #[test]
    fn a_day_stays_that_day_in_every_zone() {
        for zone in ["UTC", "Pacific/Auckland", "America/Los_Angeles"] {
            let day = dates(&["%Y%m%d", "iso"], zone).day("19970630").expect("a day");
            assert_eq!(day.to_string(), "1997-06-30");
        }
        let day = dates(&["iso"], "Asia/Shanghai").day("1997-06-30T20:00:00Z").expect("a day");
        assert_eq!(day.to_string(), "1997-07-01");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        let packed = dates(&["%Y%m%d"], "UTC");
        for text in ["", "19970230", "1997-01-01", "199701011", "yesterday", "19971301"] {
            assert!(packed.instant(text).is_err(), "{text}");
        }
        assert!(dates(&["iso"], "Europe/Berlin").instant("2026-03-29T02:30:00").is_err(), "a skipped hour");
        let new = |formats: &[&str], zone: &str| {
            let formats = formats.iter().map(|format| (*format).to_owned()).collect();
            Dates::new(&DatesMapping { formats, timezone: zone.to_owned() })
        };
        assert!(new(&["%Q"], "UTC").is_err() && new(&["iso"], "Mars").is_err() && new(&[], "UTC").is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(seconds in 0_i64..4_000_000_000, pattern in 0_usize..4) {
            let pattern = ["%Y-%m-%dT%H:%M:%S%:z", "%d/%m/%Y %H:%M:%S", "%Y%m%d%H%M%S", "%s"][pattern];
            let time = DateTime::from_timestamp(seconds, 0).expect("a time");
            let read = dates(&[if pattern == "%s" { "epoch" } else if pattern.contains('T') { "iso" } else { pattern }], "UTC");
            prop_assert_eq!(read.instant(&time.format(pattern).to_string()), Ok(time));
        }

        #[test]
        fn nothing_makes_it_fail(text in "\\PC{0,30}") {
            let _ = dates(&["iso", "epoch", "epoch-ms", "%d.%m.%y"], "Europe/Berlin").instant(&text);
        }
    }
}
