//! When not to reach a customer: spans of their day, and the zone of their clock.

use chrono_tz::Tz;
use schema::api::customer::{NewQuietSpan, QuietSpan};

use super::person::Mistakes;

/// The most spans of one customer.
const MOST: usize = 20;
/// The minutes of a day.
pub(crate) const DAY: i32 = 1_440;

/// Checks spans and gives them as they are kept: in order.
pub(crate) fn keep(written: &[NewQuietSpan], mistakes: &mut Mistakes) -> Vec<QuietSpan> {
    if written.len() > MOST {
        mistakes.add("/quiet_spans", format!("at most {MOST} spans"));
        return Vec::new();
    }
    for (at, span) in written.iter().enumerate() {
        if !(0..DAY).contains(&span.from_minute) {
            mistakes.add(
                format!("/quiet_spans/{at}/from_minute"),
                "a span begins at minute 0 to 1439 of the day",
            );
        }
        if !(1..=DAY).contains(&span.until_minute) {
            mistakes
                .add(format!("/quiet_spans/{at}/until_minute"), "a span ends at minute 1 to 1440 of the day");
        } else if span.from_minute == span.until_minute {
            let rule = "a span does not end where it begins; the whole day is 0 to 1440";
            mistakes.add(format!("/quiet_spans/{at}/until_minute"), rule);
        }
        if written[..at].contains(span) {
            mistakes.add(format!("/quiet_spans/{at}"), "name each span once");
        }
    }
    let mut spans: Vec<QuietSpan> = written
        .iter()
        .map(|span| QuietSpan {
            channel: span.channel,
            from_minute: span.from_minute,
            until_minute: span.until_minute,
        })
        .collect();
    spans.sort_unstable_by_key(|span| (span.channel, span.from_minute, span.until_minute));
    spans
}

/// A time zone as it is kept: its name, or none for an empty text.
pub(crate) fn zone(written: &str) -> Result<Option<String>, &'static str> {
    match written.trim() {
        "" => Ok(None),
        name => name
            .parse::<Tz>()
            .map(|zone| Some(zone.name().to_owned()))
            .map_err(|_| "a time zone is a name of the IANA database, for example Asia/Shanghai"),
    }
}

#[cfg(test)]
mod tests {
    use schema::api::interaction::Channel;

    use super::*;

    fn span(channel: Option<Channel>, from_minute: i32, until_minute: i32) -> NewQuietSpan {
        NewQuietSpan { channel, from_minute, until_minute }
    }

    fn places(written: &[NewQuietSpan]) -> Vec<String> {
        let mut mistakes = Mistakes::default();
        keep(written, &mut mistakes);
        let problem = mistakes.none_or_problem().err();
        problem.map_or(Vec::new(), |problem| problem.errors.into_iter().map(|one| one.pointer).collect())
    }

    #[test]
    fn spans_are_kept_in_order_and_may_go_over_midnight() {
        let written =
            [span(Some(Channel::Phone), 0, 600), span(None, 1_320, 480), span(Some(Channel::Phone), 0, DAY)];
        let mut mistakes = Mistakes::default();
        let kept = keep(&written, &mut mistakes);
        assert!(mistakes.none_or_problem().is_ok());
        let minutes: Vec<(i32, i32)> = kept.iter().map(|one| (one.from_minute, one.until_minute)).collect();
        assert_eq!(minutes, [(1_320, 480), (0, 600), (0, DAY)]);
    }

    #[test]
    fn what_is_no_span_is_named() {
        assert_eq!(
            places(&[span(None, -1, 0)]),
            ["/quiet_spans/0/from_minute", "/quiet_spans/0/until_minute"]
        );
        assert_eq!(
            places(&[span(None, DAY, DAY + 1)]),
            ["/quiet_spans/0/from_minute", "/quiet_spans/0/until_minute"]
        );
        assert_eq!(places(&[span(None, 0, 1), span(None, 60, 60)]), ["/quiet_spans/1/until_minute"]);
        assert_eq!(places(&[span(None, 0, 1), span(None, 0, 1)]), ["/quiet_spans/1"]);
        let many: Vec<NewQuietSpan> = (1..=21).map(|minute| span(None, 0, minute)).collect();
        assert_eq!(places(&many), ["/quiet_spans"]);
        assert!(places(&many[..MOST]).is_empty());
    }

    #[test]
    fn a_zone_is_one_of_the_database() {
        assert_eq!(zone("Asia/Shanghai"), Ok(Some("Asia/Shanghai".to_owned())));
        assert_eq!(zone("  "), Ok(None));
        for bad in ["Shanghai", "asia/shanghai", "UTC+8", "\0"] {
            assert!(zone(bad).is_err(), "{bad}");
        }
    }
}
