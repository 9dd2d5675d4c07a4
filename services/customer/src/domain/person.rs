//! What a file may say of a person or organisation.

use chrono::NaiveDate;
use schema::api::problem::FieldError;

/// The longest name.
const LONGEST_NAME: usize = 200;
/// The longest language tag (BCP 47 recommends to allow 35).
const LONGEST_LANGUAGE: usize = 35;
/// The oldest person.
const OLDEST_YEARS: i32 = 130;

/// Collects what is wrong, so that a caller learns everything at once.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(Vec<FieldError>);

impl Mistakes {
    pub(crate) fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(FieldError { pointer: pointer.into(), detail: detail.into() });
    }

    /// Adds those of a part that lies at `place`.
    pub(crate) fn extend_at(&mut self, place: &str, part: Self) {
        for error in part.0 {
            self.add(format!("{place}{}", error.pointer), error.detail);
        }
    }

    /// `Err` with all of them when there are any.
    pub(crate) fn none_or_problem(self) -> Result<(), schema::api::problem::Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(schema::api::problem::Problem::fields(self.0)) }
    }
}

/// A name without blanks around it, or what is wrong with it.
pub(crate) fn name(written: &str, pointer: &str, mistakes: &mut Mistakes) -> String {
    let name = written.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        mistakes.add(pointer, format!("a name has 1 to {LONGEST_NAME} characters"));
    }
    name.to_owned()
}

/// The form in which names are compared and searched.
pub(crate) fn search_key(name: &str) -> String {
    name.to_lowercase()
}

pub(crate) fn birth_date(date: Option<NaiveDate>, today: NaiveDate, mistakes: &mut Mistakes) {
    if let Some(date) = date
        && (date > today || today.years_since(date).is_some_and(|age| age > OLDEST_YEARS.unsigned_abs()))
    {
        mistakes.add(
            "/birth_date",
            format!("a birth date is not in the future and not over {OLDEST_YEARS} years ago"),
        );
    }
}

pub(crate) fn language(tag: Option<&str>, mistakes: &mut Mistakes) {
    if let Some(tag) = tag {
        let parts_fit = tag
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        if tag.len() > LONGEST_LANGUAGE || !parts_fit {
            mistakes.add("/language", "a language is a BCP 47 tag, for example de or zh-Hans");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_mistakes_are_told_at_once() {
        let mut mistakes = Mistakes::default();
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a date");
        name("  ", "/name", &mut mistakes);
        birth_date(today.succ_opt(), today, &mut mistakes);
        language(Some("not a language"), &mut mistakes);
        let problem = mistakes.none_or_problem().expect_err("three mistakes");
        assert_eq!(problem.errors.len(), 3);
    }

    #[test]
    fn what_is_right_passes() {
        let mut mistakes = Mistakes::default();
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a date");
        assert_eq!(name(" 王小明 ", "/name", &mut mistakes), "王小明");
        birth_date(Some(today), today, &mut mistakes);
        language(Some("zh-Hans-CN"), &mut mistakes);
        assert!(mistakes.none_or_problem().is_ok());
    }
}
