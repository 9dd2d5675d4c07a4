//! How deep a JSON text is nested, told without recursion and before anything decodes it.

/// The deepest nesting of a body or of variables.
pub(super) const DEEPEST: usize = 32;

/// Whether a JSON text is nested deeper than [`DEEPEST`]. What is no JSON is the decoder's to report.
pub(super) fn is_too_deep(json: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => {
                depth += 1;
                if depth > DEEPEST {
                    return true;
                }
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            (true | false, _) => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_outside_of_strings() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(!is_too_deep(nested(DEEPEST).as_bytes()));
        assert!(is_too_deep(nested(DEEPEST + 1).as_bytes()));
        assert!(is_too_deep("{\"a\":".repeat(3_000).as_bytes()));
        assert!(!is_too_deep(format!("[\"{}\"]", "[".repeat(3_000)).as_bytes()));
        assert!(!is_too_deep(format!(r#"["\"{}"]"#, "{".repeat(3_000)).as_bytes()));
        assert!(!is_too_deep("[],".repeat(3_000).as_bytes()));
    }
}
