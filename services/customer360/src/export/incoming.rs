//! What comes in: rows are passed on, the end line is held back and compared with what was counted.

use std::{io, sync::atomic::Ordering};

use kit::client::Incoming;
use schema::api::export::{EndLine, ExportFormat};

use super::{destination::Destination, progress::Progress};
use crate::door::Failed;

/// Passes a file on, and gives what its end line says.
///
/// # Errors
/// When it breaks off, ends without an end line, or with another number of rows than it says.
pub(super) async fn pass_on(
    mut coming: Incoming,
    format: ExportFormat,
    to: &mut Destination,
    progress: &Progress,
) -> Result<EndLine, Failed> {
    let mut rows = Rows::of(format);
    while let Some(piece) = coming.piece().await? {
        let passed = rows.take(&piece, |part| to.write(part))?;
        progress.rows.fetch_add(passed, Ordering::Relaxed);
    }
    rows.end()
}

/// Rows as they come in pieces.
struct Rows {
    format: ExportFormat,
    /// The last whole row, which may be the end line, and what came after it.
    held: Vec<u8>,
    /// Where in `held` the whole row ends, if there is one.
    whole: Option<usize>,
    /// How much of `held` was looked at.
    seen: usize,
    /// Whether what comes next stands in quotes, where a line break ends no row.
    quoted: bool,
    header: bool,
    rows: u64,
}

impl Rows {
    const fn of(format: ExportFormat) -> Self {
        let header = matches!(format, ExportFormat::Csv);
        Self { format, held: Vec::new(), whole: None, seen: 0, quoted: false, header, rows: 0 }
    }

    /// Takes a piece; gives how many more rows were passed on.
    fn take(&mut self, piece: &[u8], mut pass: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<u64> {
        self.held.extend_from_slice(piece);
        let (mut cut, mut passed) = (0, 0);
        for (place, byte) in self.held.iter().enumerate().skip(self.seen) {
            match byte {
                b'"' if self.format == ExportFormat::Csv => self.quoted = !self.quoted,
                b'\n' if !self.quoted => {
                    if let Some(whole) = self.whole.replace(place + 1) {
                        cut = whole;
                        passed += u64::from(!std::mem::take(&mut self.header));
                    }
                }
                _ => {}
            }
        }
        pass(&self.held[..cut])?;
        self.held.drain(..cut);
        self.whole = self.whole.map(|whole| whole - cut);
        self.seen = self.held.len();
        self.rows += passed;
        Ok(passed)
    }

    /// Nothing more comes: what is held must be the end line, and nothing else.
    fn end(self) -> Result<EndLine, Failed> {
        let line = std::str::from_utf8(&self.held).unwrap_or_default();
        let whole = self.whole == Some(self.held.len());
        let end = EndLine::read(self.format, line).filter(|_| whole && !self.header);
        let end = end.ok_or("the file broke off: its end is missing")?;
        if end.rows != self.rows {
            return Err(format!("{} rows came and {} were sent", self.rows, end.rows).into());
        }
        Ok(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: ExportFormat, text: &str, size: usize) -> (Result<EndLine, String>, String) {
        let mut rows = Rows::of(format);
        let mut out = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            rows.take(piece, |part| {
                out.extend_from_slice(part);
                Ok(())
            })
            .expect("written");
        }
        let end = rows.end().map_err(|failed| failed.to_string());
        (end, String::from_utf8(out).expect("text"))
    }

    #[test]
    fn however_it_is_cut_into_pieces_rows_are_passed_on_and_the_end_is_not() {
        let csv = "id,name\r\n1,\"a\nb\"\r\n2,\"say \"\"hi\"\"\r\n\"\r\n";
        let ndjson = "{\"a\":\"\\\"\"}\n{\"a\":2}\n";
        for size in 1..=80 {
            for unmasked in [true, false] {
                let end = EndLine { rows: 2, unmasked };
                for (format, text) in [(ExportFormat::Csv, csv), (ExportFormat::Ndjson, ndjson)] {
                    let whole = format!("{text}{}", end.write(format));
                    assert_eq!(read(format, &whole, size), (Ok(end), text.to_owned()), "{size}");
                }
            }
        }
    }

    #[test]
    fn nobody_is_a_whole_file() {
        let end = EndLine { rows: 0, unmasked: true };
        for (format, text) in [(ExportFormat::Csv, "id,name\r\n"), (ExportFormat::Ndjson, "")] {
            let whole = format!("{text}{}", end.write(format));
            assert_eq!(read(format, &whole, 7), (Ok(end), text.to_owned()));
        }
    }

    #[test]
    fn a_file_that_was_cut_anywhere_is_not_whole() {
        let end = EndLine { rows: 2, unmasked: true };
        for (format, text) in [
            (ExportFormat::Csv, "id,name\r\n1,a\r\n2,\"b\r\n\"\r\n"),
            (ExportFormat::Ndjson, "{\"a\":1}\n{\"a\":2}\n"),
        ] {
            let whole = format!("{text}{}", end.write(format));
            for length in 0..whole.len() {
                assert!(read(format, &whole[..length], 5).0.is_err(), "{format:?} {length}");
            }
            let fewer =
                whole.replacen(if format == ExportFormat::Csv { "1,a\r\n" } else { "{\"a\":1}\n" }, "", 1);
            let error = read(format, &fewer, 5).0.expect_err("one is missing");
            assert_eq!(error, "1 rows came and 2 were sent");
        }
    }
}
