//! Parsed documents, remembered by their text: an app sends the same few again and again.

use std::sync::Arc;

use async_graphql::{
    ServerError,
    parser::{parse_query, types::ExecutableDocument},
};
use moka::sync::Cache;

use super::limits;

/// Room for the texts, in bytes; a parsed document takes some ten times as much.
const ROOM: u64 = 4 * 1024 * 1024;

/// The memory of documents.
pub(crate) struct Documents(Cache<Arc<str>, Arc<ExecutableDocument>>);

impl Documents {
    pub(crate) fn new() -> Self {
        let weigh = |text: &Arc<str>, _: &Arc<ExecutableDocument>| {
            u32::try_from(text.len()).unwrap_or(u32::MAX).saturating_add(256)
        };
        Self(Cache::builder().max_capacity(ROOM).weigher(weigh).build())
    }

    /// The document of a text that passed the lexical limits, itself within the structural ones.
    pub(crate) fn parse(&self, text: &str) -> Result<Arc<ExecutableDocument>, ServerError> {
        if let Some(document) = self.0.get(text) {
            return Ok(document);
        }
        let document = parse_query(text)?;
        limits::check(&document).map_err(|problem| super::server_error(&problem))?;
        let document = Arc::new(document);
        self.0.insert(text.into(), Arc::clone(&document));
        Ok(document)
    }
}
