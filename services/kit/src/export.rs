//! Exports: rows that leave as a file.
//!
//! An export is in the audit before its first row leaves, with who and what, and again after its last one, with
//! how many; one that broke off has no second entry. Rows are read page by page while they are sent, so that
//! memory does not grow with the file. When a page cannot be read the connection is broken off, and the end
//! line, for whoever asked for it, never comes.

use std::sync::Arc;

use futures::{
    StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use schema::{
    access::Viewer,
    api::export::{EndLine, ExportFormat},
};
use uuid::Uuid;

use crate::{
    Download, Result, Runtime,
    command::{self, Decision},
};

/// Pages of lines, each with its end.
pub type Pages = BoxStream<'static, Result<Vec<String>>>;

/// What is exported, and how.
pub struct Export {
    /// What it is called in the audit; its end is `<action>.end`.
    pub action: &'static str,
    /// What it is about.
    pub subject: Uuid,
    /// Which part of that, for the audit; holds no personal data.
    pub detail: String,
    /// How the file is written.
    pub format: ExportFormat,
    /// Whether a last line says how many rows came before it.
    pub end_line: bool,
    /// What a browser calls the file, without its ending: visible ASCII without quotes.
    pub name: String,
    /// The line before the rows, with its end.
    pub head: Option<String>,
}

/// A file that is being sent.
struct Sending {
    runtime: Arc<Runtime>,
    viewer: Viewer,
    export: Export,
    pages: Pages,
    rows: u64,
    ended: bool,
}

impl Export {
    /// The file for `viewer`; `pages` are masked for them already.
    ///
    /// # Errors
    /// When it cannot be audited; then nothing leaves.
    pub async fn send(self, runtime: Arc<Runtime>, viewer: Viewer, pages: Pages) -> Result<Download> {
        audit(&runtime, &viewer, self.action.to_owned(), self.subject, self.detail.clone()).await?;
        let (content_type, ending) = match self.format {
            ExportFormat::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
            ExportFormat::Ndjson => ("application/x-ndjson", "ndjson"),
        };
        let file_name = format!("{}.{ending}", self.name);
        let sending = Sending { runtime, viewer, export: self, pages, rows: 0, ended: false };
        let pieces = stream::try_unfold(sending, Sending::next).boxed();
        Ok(Download { content_type, file_name, pieces })
    }
}

impl Sending {
    async fn next(mut self) -> Result<Option<(Vec<u8>, Self)>> {
        if let Some(head) = self.export.head.take() {
            return Ok(Some((head.into_bytes(), self)));
        }
        if self.ended {
            return Ok(None);
        }
        // A page may be empty, and an empty piece would be none.
        while let Some(lines) = self.pages.try_next().await? {
            if !lines.is_empty() {
                self.rows += lines.len() as u64;
                return Ok(Some((lines.concat().into_bytes(), self)));
            }
        }
        self.ended = true;
        let Export { action, subject, format, end_line, .. } = self.export;
        let (action, detail) = (format!("{action}.end"), format!("{} rows", self.rows));
        audit(&self.runtime, &self.viewer, action, subject, detail).await?;
        if !end_line {
            return Ok(None);
        }
        let end = EndLine { rows: self.rows, unmasked: self.viewer.sees_everything_whole() };
        Ok(Some((end.write(format).into_bytes(), self)))
    }
}

async fn audit(
    runtime: &Arc<Runtime>,
    viewer: &Viewer,
    action: String,
    subject: Uuid,
    detail: String,
) -> Result<()> {
    let entry: Decision<()> = Arc::new(move |work| {
        let (action, detail) = (action.clone(), detail.clone());
        Box::pin(async move { work.audit(&action, subject, Some(&detail)) })
    });
    command::run(runtime, Some(viewer.clone()), None, entry).await?;
    Ok(())
}
