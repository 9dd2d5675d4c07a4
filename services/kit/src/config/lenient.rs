//! Settings from the environment, where `1` may mean true and a secret may look like a number.

use serde::{Deserialize, Deserializer, de::Error as _};

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Flag(bool),
    Number(i64),
    Text(String),
}

/// `true`, `false`, `1` or `0`.
pub(super) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    match Written::deserialize(from)? {
        Written::Flag(flag) => Ok(flag),
        Written::Number(0) => Ok(false),
        Written::Number(1) => Ok(true),
        Written::Number(_) | Written::Text(_) => Err(D::Error::custom("expected true, false, 1 or 0")),
    }
}

/// A text, also when it looks like something else.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match Written::deserialize(from)? {
        Written::Flag(flag) => flag.to_string(),
        Written::Number(number) => number.to_string(),
        Written::Text(text) => text,
    })
}
