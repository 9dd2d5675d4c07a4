//! What stands in front of the parser. The parser recurses: some 1,750 nested brackets, 3.5 KB, overflow
//! the stack and end the process, and nothing can catch that. So brackets and tokens are counted here,
//! without recursion, outside of strings and comments; a string that does not end is refused, so that
//! the parser can never see a bracket where this sees none.

use schema::api::problem::{Code, Problem};

/// The deepest nesting of brackets of any kind.
const DEEPEST: usize = 32;
/// The most tokens.
const TOKENS_MOST: usize = 2_000;

/// Refuses a document that the parser must not see.
pub(super) fn check(document: &str) -> Result<(), Problem> {
    let bytes = document.as_bytes();
    let (mut at, mut depth, mut tokens) = (0, 0_usize, 0_usize);
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            0 => return Err(refused("the document holds the character U+0000; leave it out".to_owned())),
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = end_of_comment(bytes, at);
                continue;
            }
            b'"' => end_of_string(bytes, at)?,
            b'(' | b'[' | b'{' => {
                depth += 1;
                at + 1
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            byte if is_word(*byte) => end_of_word(bytes, at),
            _ => at + 1,
        };
        tokens += 1;
        if depth > DEEPEST {
            return Err(refused(format!(
                "brackets are nested at most {DEEPEST} deep; use variables and fragments"
            )));
        }
        if tokens > TOKENS_MOST {
            return Err(refused(format!(
                "a document has at most {TOKENS_MOST} tokens; ask for less at a time"
            )));
        }
    }
    Ok(())
}

fn refused(detail: String) -> Problem {
    Problem::new(Code::MalformedRequest, detail)
}

/// Names and numbers; a sign or point belongs to a number.
const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn end_of_word(bytes: &[u8], start: usize) -> usize {
    let length = bytes[start..].iter().take_while(|byte| is_word(**byte)).count();
    start + length
}

fn end_of_comment(bytes: &[u8], start: usize) -> usize {
    let length = bytes[start..].iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count();
    start + length
}

/// The position behind the string that starts here.
fn end_of_string(bytes: &[u8], start: usize) -> Result<usize, Problem> {
    if bytes[start..].starts_with(b"\"\"\"") {
        return end_of_block_string(bytes, start + 3);
    }
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            None | Some(b'\n' | b'\r') => {
                return Err(refused("a string does not end on its line; close it with \"".to_owned()));
            }
            Some(0) => {
                return Err(refused("a string holds the character U+0000; leave it out".to_owned()));
            }
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') if is_escaped_nul(&bytes[at..]) => {
                return Err(refused("a string holds the character U+0000; leave it out".to_owned()));
            }
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

fn end_of_block_string(bytes: &[u8], start: usize) -> Result<usize, Problem> {
    let mut at = start;
    loop {
        match bytes.get(at..) {
            None | Some([]) => {
                return Err(refused("a block string does not end; close it with \"\"\"".to_owned()));
            }
            Some([0, ..]) => {
                return Err(refused("a string holds the character U+0000; leave it out".to_owned()));
            }
            Some(rest) if rest.starts_with(b"\\\"\"\"") => at += 4,
            Some(rest) if rest.starts_with(b"\"\"\"") => return Ok(at + 3),
            Some(_) => at += 1,
        }
    }
}

/// `\u0000`, or `\u{0}` with any number of zeros.
fn is_escaped_nul(bytes: &[u8]) -> bool {
    if let Some(digits) = bytes.strip_prefix(b"\\u{") {
        let zeros = digits.iter().take_while(|byte| **byte == b'0').count();
        return zeros > 0 && digits.get(zeros) == Some(&b'}');
    }
    bytes.starts_with(b"\\u0000")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(document: &str) -> String {
        check(document).expect_err("refused").detail
    }

    #[test]
    fn three_thousand_nested_brackets_are_refused() {
        for bracket in ["[", "{", "("] {
            let document = format!("{{ a(b: {}", bracket.repeat(3_000));
            assert!(refusal(&document).contains("nested"), "{bracket}");
        }
        let objects = format!("{{ a(b: {}", "{a:".repeat(3_000));
        assert!(refusal(&objects).contains("nested"));
        assert!(check(&format!("{}a{}", "{".repeat(DEEPEST), "}".repeat(DEEPEST))).is_ok());
        assert!(
            refusal(&format!("{}a{}", "{".repeat(DEEPEST + 1), "}".repeat(DEEPEST + 1))).contains("nested")
        );
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        let many = "[".repeat(3_000);
        for document in [
            format!("{{ a(b: \"{many}\") }}"),
            format!("{{ a(b: \"\\\"{many}\") }}"),
            format!("{{ a(b: \"\"\"{many}\n \"quoted\" \\\"\"\" {many}\"\"\") }}"),
            format!("# {many}\n{{ a }} # {many}"),
            "{ a(b: \"\", c: \"\") }".to_owned(),
        ] {
            assert!(check(&document).is_ok(), "{}", &document[..20]);
        }
    }

    #[test]
    fn brackets_behind_them_do_count() {
        let many = "[".repeat(3_000);
        for document in [
            format!("{{ a(b: \"x\" {many}"),
            format!("{{ a(b: \"\" {many}"),
            format!("{{ a(b: \"\"\"x\"\"\" {many}"),
            format!("# comment\r{many}"),
            format!("# comment\n{many}"),
        ] {
            assert!(refusal(&document).contains("nested"), "{}", &document[..20]);
        }
    }

    #[test]
    fn what_does_not_end_is_refused() {
        for document in [
            "{ a(b: \"x",
            "{ a(b: \"x\n\") }",
            "{ a(b: \"x\\",
            "{ a(b: \"\"\"x\"\" ",
            "\"\"\"",
            "\"\"\"\\\"\"\"",
        ] {
            assert!(refusal(document).contains("does not end"), "{document}");
        }
    }

    #[test]
    fn nul_is_refused_however_it_is_written() {
        for document in [
            "{ a \0 }",
            "{ a(b: \"\0\") }",
            "{ a(b: \"\"\"\0\"\"\") }",
            r#"{ a(b: "x\u0000") }"#,
            r#"{ a(b: "\u{000}") }"#,
        ] {
            assert!(refusal(document).contains("U+0000"), "{document:?}");
        }
        assert!(check(r#"{ a(b: "\\u0000") }"#).is_ok(), "an escaped backslash");
        assert!(check(r#"{ a(b: "\u0001") }"#).is_ok());
    }

    #[test]
    fn tokens_are_bounded() {
        assert!(refusal(&"a ".repeat(TOKENS_MOST + 1)).contains("tokens"));
        assert!(check(&"a ".repeat(TOKENS_MOST)).is_ok());
        assert!(check("").is_ok());
    }
}
