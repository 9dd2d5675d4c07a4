//! Codes of units and staff: what tokens, imports and people name them by.

/// The longest code.
const LONGEST: usize = 40;

/// Whether the text is a code: 1 to 40 of a-z, 0-9 and hyphen, not beginning with a hyphen. Paths are
/// made of codes and matched as patterns, so neither `/`, `%` nor `_` may ever be in one.
pub(crate) fn is_code(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len())
        && !text.starts_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// What to say when it is none.
pub(crate) const RULE: &str = "a code is 1 to 40 of a-z, 0-9 and hyphen, not beginning with a hyphen";

#[cfg(test)]
mod tests {
    use super::is_code;

    #[test]
    fn what_is_a_code() {
        for good in ["hq", "shop-7", "0"] {
            assert!(is_code(good), "{good}");
        }
        for bad in ["", "-a", "A", "a_b", "a/b", "a%", "é", &"a".repeat(41)] {
            assert!(!is_code(bad), "{bad}");
        }
    }
}
