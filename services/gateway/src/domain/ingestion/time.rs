//! When something happened, whatever the sender's clock says: the age that a message had when it was sent
//! is right even where the clock is not.

use chrono::{DateTime, NaiveDateTime, Utc};
use schema::moment;

/// The time of an event by our clock: its timestamp, moved by what the sender's clock is off. Never later
/// than when it came.
pub(crate) fn corrected(
    timestamp: Option<DateTime<Utc>>,
    sent_at: Option<DateTime<Utc>>,
    received_at: DateTime<Utc>,
) -> DateTime<Utc> {
    let Some(timestamp) = timestamp else { return received_at };
    let at = match sent_at {
        Some(sent_at) => timestamp.checked_add_signed(received_at - sent_at).unwrap_or(received_at),
        None => timestamp,
    };
    let at = at.min(received_at);
    moment::parse(at, received_at).unwrap_or(received_at)
}

/// A time as clients write it: RFC 3339, or without an offset, which is UTC.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|at| at.and_utc()))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        parse(text).expect("a time")
    }

    #[test]
    fn a_clock_that_is_off_does_not_matter() {
        let received = at("2026-11-22T12:00:10Z");
        // Two hours fast; it happened 5 s before it was sent, which took no time.
        let happened =
            corrected(Some(at("2026-11-22T14:00:05Z")), Some(at("2026-11-22T14:00:10Z")), received);
        assert_eq!(happened, at("2026-11-22T12:00:05Z"));
        // Kept on the device for a day.
        let happened =
            corrected(Some(at("2026-11-21T14:00:10Z")), Some(at("2026-11-22T14:00:10Z")), received);
        assert_eq!(happened, at("2026-11-21T12:00:10Z"));
    }

    #[test]
    fn without_a_sending_time_the_timestamp_counts_but_never_the_future() {
        let received = at("2026-11-22T12:00:10Z");
        assert_eq!(corrected(Some(at("2020-01-01T00:00:00Z")), None, received), at("2020-01-01T00:00:00Z"));
        assert_eq!(corrected(Some(at("2027-01-01T00:00:00Z")), None, received), received);
        assert_eq!(corrected(None, Some(at("2027-01-01T00:00:00Z")), received), received);
        assert_eq!(corrected(Some(DateTime::<Utc>::MIN_UTC), None, received), received);
        assert_eq!(
            corrected(Some(DateTime::<Utc>::MAX_UTC), Some(DateTime::<Utc>::MIN_UTC), received),
            received
        );
    }

    #[test]
    fn times_are_read_as_libraries_write_them() {
        for text in ["2026-11-22T12:00:10.5Z", "2026-11-22T12:00:10.500000+00:00", "2026-11-22T12:00:10.5"] {
            assert_eq!(parse(text), Some(at("2026-11-22T12:00:10.500Z")), "{text}");
        }
        assert_eq!(parse("yesterday"), None);
    }
}
