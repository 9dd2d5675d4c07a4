//! What holds for codes, words and times in every request.

use chrono::{DateTime, Utc};
use schema::{api::problem::FieldError, moment};

use super::mistake;

/// The longest code.
const LONGEST_CODE: usize = 40;
/// The longest note.
const LONGEST_NOTE: usize = 2_000;
/// The longest reason.
const LONGEST_REASON: usize = 500;

/// Whether the text is a code.
pub(crate) fn is_code(text: &str) -> bool {
    (1..=LONGEST_CODE).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// The text is a code.
pub(crate) fn check_code(pointer: &str, text: &str, mistakes: &mut Vec<FieldError>) {
    if !is_code(text) {
        let rule = format!("a code has 1 to {LONGEST_CODE} of a-z, 0-9 and hyphen");
        mistakes.push(mistake(pointer, rule));
    }
}

/// The note, when there is one, says something and is not too long.
pub(crate) fn check_note(pointer: &str, text: Option<&str>, mistakes: &mut Vec<FieldError>) {
    if text.is_some_and(|text| !is_said(text, LONGEST_NOTE)) {
        mistakes.push(mistake(pointer, format!("say it in 1 to {LONGEST_NOTE} characters, or leave it out")));
    }
}

/// The reason says something and is not too long.
pub(crate) fn check_reason(pointer: &str, text: &str, mistakes: &mut Vec<FieldError>) {
    if !is_said(text, LONGEST_REASON) {
        mistakes.push(mistake(pointer, format!("say why, in 1 to {LONGEST_REASON} characters")));
    }
}

/// When it happened: now when nothing is said. A time that is wrong is told, and now stands in for it.
pub(crate) fn check_time(
    told: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    mistakes: &mut Vec<FieldError>,
) -> DateTime<Utc> {
    moment::parse(told.unwrap_or(now), now).unwrap_or_else(|rule| {
        mistakes.push(mistake("/occurred_at", rule));
        now
    })
}

/// By when something is due: after `since`, and to the microsecond.
pub(crate) fn check_due(
    pointer: &str,
    due: DateTime<Utc>,
    since: DateTime<Utc>,
    mistakes: &mut Vec<FieldError>,
) -> DateTime<Utc> {
    let kept = DateTime::from_timestamp_micros(due.timestamp_micros()).filter(|at| moment::is_storable(*at));
    match kept {
        Some(at) if at >= since => at,
        Some(_) => {
            mistakes.push(mistake(pointer, "it is not due before it came up"));
            since
        }
        None => {
            mistakes.push(mistake(pointer, "a due time lies between the years 1900 and 9999"));
            since
        }
    }
}

fn is_said(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T12:00:00Z".parse().expect("a time")
    }

    #[test]
    fn a_code_is_short_and_plain() {
        for code in ["a", "spoiled-goods", "0", &"a".repeat(40)] {
            assert!(is_code(code), "{code}");
        }
        for text in ["", "A", "a b", "ä", "a_b", &"a".repeat(41)] {
            assert!(!is_code(text), "{text}");
        }
    }

    #[test]
    fn every_mistake_names_its_place() {
        let mut mistakes = Vec::new();
        check_note("/notes", Some(" "), &mut mistakes);
        check_note("/notes", Some(&"字".repeat(2_000)), &mut mistakes);
        check_reason("/reason", "", &mut mistakes);
        check_time(Some(now() + chrono::TimeDelta::days(2)), now(), &mut mistakes);
        check_due("/due_at", now() - chrono::TimeDelta::seconds(1), now(), &mut mistakes);
        check_due("/due_at", DateTime::<Utc>::MAX_UTC, now(), &mut mistakes);
        let places: Vec<&str> = mistakes.iter().map(|one| one.pointer.as_str()).collect();
        assert_eq!(places, ["/notes", "/reason", "/occurred_at", "/due_at", "/due_at"]);
    }
}
