//! Short texts that people write.

/// The longest.
const LONGEST: usize = 200;
/// What to say of a text that is none.
pub(crate) const RULE: &str = "a text has 1 to 200 characters";

/// The text without blanks around it; `None` when it is empty, too long or holds what no database keeps.
pub(crate) fn short(text: &str) -> Option<String> {
    let text = text.trim();
    ((1..=LONGEST).contains(&text.chars().count()) && !text.contains('\0')).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text() {
        assert_eq!(short(" 王太太 ").as_deref(), Some("王太太"));
        assert_eq!(short(&"王".repeat(LONGEST)).map(|text| text.chars().count()), Some(LONGEST));
        for bad in ["", "  ", "a\0b", &"a".repeat(LONGEST + 1)] {
            assert!(short(bad).is_none(), "{bad:?}");
        }
    }
}
