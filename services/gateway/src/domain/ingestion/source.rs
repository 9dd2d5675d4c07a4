//! Sources: what a right one is, and its write key. Of a key only the SHA-256 is kept: it has 192 random
//! bits, so it cannot be guessed, and a hash without salt or cost is enough.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use schema::api::{
    ingestion::{IngestionSourceChange, NewIngestionSource},
    problem::{FieldError, Problem},
};
use sha2::{Digest as _, Sha256};

use super::mapping;

/// The most sources.
pub(crate) const MOST: i64 = 100;
/// What to say of a text that is no code.
pub(crate) const CODE_RULE: &str = "a code is 1 to 40 of a-z, 0-9 and hyphen, not beginning with a hyphen";
/// The longest code.
const LONGEST_CODE: usize = 40;
/// The longest name.
const LONGEST_NAME: usize = 200;
/// How much of a key is kept to tell it from others.
const HINT: usize = 6;

/// The random part of a write key.
pub(crate) type Secret = [u8; 24];

/// A write key; never logged, and shown once.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct WriteKey(String);

impl std::fmt::Debug for WriteKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WriteKey(…)")
    }
}

impl WriteKey {
    /// The key of this secret: 32 of A-Z, a-z, 0-9, hyphen and underscore.
    pub(crate) fn new(secret: Secret) -> Self {
        Self(URL_SAFE_NO_PAD.encode(secret))
    }

    /// A key as a client sends it.
    pub(crate) fn given(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The key itself, to be shown once.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> String {
        Sha256::digest(self.0.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Its first characters, to tell it from others.
    pub(crate) fn hint(&self) -> String {
        self.0.chars().take(HINT).collect()
    }
}

/// Whether the text is a code.
pub(crate) fn is_code(text: &str) -> bool {
    (1..=LONGEST_CODE).contains(&text.len())
        && !text.starts_with('-')
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Finds a new source right, or says everything that is wrong with it.
pub(crate) fn check_new(new: &NewIngestionSource) -> Result<(), Problem> {
    let mut mistakes = Vec::new();
    check_code(&new.code, "/code", &mut mistakes);
    check_name(&new.name, &mut mistakes);
    if let Some(namespace) = &new.namespace {
        check_code(namespace, "/namespace", &mut mistakes);
    }
    mapping::check(&new.mappings, &mut mistakes);
    none_or_problem(mistakes)
}

/// Finds a change right, or says everything that is wrong with it.
pub(crate) fn check_change(change: &IngestionSourceChange) -> Result<(), Problem> {
    let mut mistakes = Vec::new();
    if let Some(name) = &change.name {
        check_name(name, &mut mistakes);
    }
    if let Some(mappings) = &change.mappings {
        mapping::check(mappings, &mut mistakes);
    }
    none_or_problem(mistakes)
}

fn check_code(text: &str, pointer: &str, mistakes: &mut Vec<FieldError>) {
    if !is_code(text) {
        mistakes.push(FieldError { pointer: pointer.to_owned(), detail: CODE_RULE.to_owned() });
    }
}

fn check_name(name: &str, mistakes: &mut Vec<FieldError>) {
    if name.trim() != name || !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.contains('\0') {
        let detail = format!("a name has 1 to {LONGEST_NAME} characters, no blanks around it");
        mistakes.push(FieldError { pointer: "/name".to_owned(), detail });
    }
}

fn none_or_problem(mistakes: Vec<FieldError>) -> Result<(), Problem> {
    if mistakes.is_empty() { Ok(()) } else { Err(Problem::fields(mistakes)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_hash_and_shown_by_its_hint() {
        let key = WriteKey::new([7; 24]);
        assert_eq!(key.text().len(), 32);
        assert_eq!(WriteKey::given(&format!(" {} ", key.text())).hash(), key.hash());
        assert_ne!(WriteKey::new([8; 24]).hash(), key.hash());
        assert!(key.text().starts_with(&key.hint()) && key.hint().len() == HINT);
        assert_eq!(format!("{key:?}"), "WriteKey(…)");
    }

    #[test]
    fn a_code_is_a_code() {
        assert!(is_code("web-shop-1"));
        for text in ["", "-a", "A", "a_b", "a.b", &"a".repeat(41)] {
            assert!(!is_code(text), "{text}");
        }
    }
}
