//! Codes in rows: a plain enum is stored as the word that it has on every wire.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::error::{Error, Result};

/// The word of a plain enum.
///
/// # Errors
/// When the type is not a plain enum.
pub fn word<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        Ok(_) => Err(Error::Fault("only a plain enum has a word".into())),
        Err(error) => Err(Error::malformed("a code", error)),
    }
}

/// The plain enum that a row's word stands for.
///
/// # Errors
/// When the row holds a word that this version does not know.
pub fn from_word<T: DeserializeOwned>(word: String) -> Result<T> {
    serde_json::from_value(Value::String(word)).map_err(|error| Error::malformed("a code in a row", error))
}
