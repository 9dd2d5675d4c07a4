//! Short lists in a column: written and read whole.

use kit::{Error, Result};
use sea_orm::QueryResult;
use serde::{Serialize, de::DeserializeOwned};

/// The list as a column keeps it.
pub(super) fn to_column<T: Serialize>(list: &[T]) -> Result<String> {
    serde_json::to_string(list).map_err(|error| Error::malformed("a list", error))
}

/// The list that a column keeps.
pub(super) fn of_column<T: DeserializeOwned>(row: &QueryResult, column: &str) -> Result<Vec<T>> {
    let text: String = row.try_get("", column)?;
    serde_json::from_str(&text).map_err(|error| Error::malformed("a list in a row", error))
}
