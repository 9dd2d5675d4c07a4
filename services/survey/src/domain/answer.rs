//! What an answer may say.

/// The longest verbatim, in characters.
const LONGEST_VERBATIM: usize = 2_000;

/// The customer's words without blanks around them, or none; `Err` says what would be right.
pub(crate) fn verbatim(written: Option<&str>) -> Result<Option<String>, &'static str> {
    let words = written.map(str::trim).unwrap_or_default();
    if words.chars().count() > LONGEST_VERBATIM {
        return Err("a verbatim has at most 2,000 characters");
    }
    if words.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err("a verbatim has no control characters but newline and tab");
    }
    Ok((!words.is_empty()).then(|| words.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_without_blanks_around_them() {
        assert_eq!(verbatim(None), Ok(None));
        assert_eq!(verbatim(Some(" \n ")), Ok(None));
        assert_eq!(verbatim(Some(" 很好。\n\tDanke! ")), Ok(Some("很好。\n\tDanke!".to_owned())));
    }

    #[test]
    fn words_have_a_bound_in_characters() {
        assert!(verbatim(Some(&"好".repeat(2_000))).is_ok());
        assert!(verbatim(Some(&"好".repeat(2_001))).is_err());
    }

    #[test]
    fn control_characters_are_refused() {
        for bad in ["a\0b", "a\u{1b}[31mb", "a\rb", "a\u{7f}b", "a\u{85}b"] {
            assert!(verbatim(Some(bad)).is_err(), "{bad:?}");
        }
    }
}
