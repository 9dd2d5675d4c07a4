//! Codes and names that people give to what they make.

use schema::api::problem::FieldError;

/// What is wrong with a code and a name, each if it is given.
pub(crate) fn mistakes(code: Option<&str>, name: Option<&str>) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let mut mistake = |pointer: &str, detail: &str| {
        wrong.push(FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() });
    };
    if code.is_some_and(|code| !is_code(code)) {
        mistake("/code", "1 to 40 of a-z, 0-9 and hyphen, starting with a letter or digit");
    }
    if name.is_some_and(|name| !(1..=200).contains(&name.trim().chars().count())) {
        mistake("/name", "1 to 200 characters");
    }
    wrong
}

fn is_code(code: &str) -> bool {
    (1..=40).contains(&code.len())
        && !code.starts_with('-')
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::mistakes;

    #[test]
    fn what_is_wrong_is_named() {
        let places = |code, name| -> Vec<String> {
            mistakes(code, name).into_iter().map(|wrong| wrong.pointer).collect()
        };
        assert!(places(Some("lapsing-gold"), Some("Lapsing gold")).is_empty());
        assert!(places(None, None).is_empty());
        let long = "a".repeat(41);
        for code in ["", "-a", "A", "a_b", "é", long.as_str()] {
            assert_eq!(places(Some(code), None), ["/code"], "{code}");
        }
        let long = "n".repeat(201);
        for name in ["", "  ", long.as_str()] {
            assert_eq!(places(None, Some(name)), ["/name"]);
        }
    }
}
