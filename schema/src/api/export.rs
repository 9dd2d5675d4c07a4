//! Files that leave: how they are written, how their end is known, and everything that a service keeps of one
//! customer.
//!
//! A connection that breaks off ends a file like any other end of a connection, wherever a proxy stands in
//! between. So a file's last line can say how many rows came before it; whoever asks for that line and does not
//! get it does not have the whole file.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Nothing, customer::CustomerPath};
use crate::access::READERS;

super::endpoints! {
    /// Everything that this service keeps of one customer, a JSON object a line with `service`, `kind` and
    /// `record`; masked for whoever asks, and audited. Each service has this endpoint.
    ExportCustomer = Read Get "/customers/{customer_id}/export" 200 for READERS => {
        path: CustomerPath, query: RecordsQuery, reply: Nothing,
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Comma-separated values with a header line, RFC 4180, UTF-8.
    #[default]
    Csv,
    /// A JSON object a line.
    Ndjson,
}

/// How the records of one customer are sent.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct RecordsQuery {
    /// Whether a last line says how many came before it, so that a file that was cut off is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_line: Option<bool>,
}

/// The last line of a file that is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndLine {
    /// How many rows came before it; a header is none.
    pub rows: u64,
    /// Whether whoever asked sees every class of fields whole: if not, some are masked or left out.
    pub unmasked: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InJson {
    end: EndLine,
}

/// What the last line of comma-separated values begins with. Rows begin with an id.
const IN_CSV: &str = "#end";

impl EndLine {
    /// The line, with its end.
    pub fn write(self, format: ExportFormat) -> String {
        let Self { rows, unmasked } = self;
        match format {
            ExportFormat::Csv => format!("{IN_CSV},{rows},{unmasked}\r\n"),
            ExportFormat::Ndjson => format!("{{\"end\":{{\"rows\":{rows},\"unmasked\":{unmasked}}}}}\n"),
        }
    }

    /// What a line says, with or without its end; none when it is another line.
    pub fn read(format: ExportFormat, line: &str) -> Option<Self> {
        let line = line.trim_end_matches(['\r', '\n']);
        match format {
            ExportFormat::Csv => {
                let mut cells = line.split(',');
                let (first, rows, unmasked) = (cells.next()?, cells.next()?, cells.next()?);
                let is_end = first == IN_CSV && cells.next().is_none();
                Some(Self { rows: rows.parse().ok()?, unmasked: unmasked.parse().ok()? }).filter(|_| is_end)
            }
            ExportFormat::Ndjson => serde_json::from_str::<InJson>(line).ok().map(|line| line.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for format in [ExportFormat::Csv, ExportFormat::Ndjson] {
            for end in
                [EndLine { rows: 0, unmasked: false }, EndLine { rows: 12_345_678_901, unmasked: true }]
            {
                assert_eq!(EndLine::read(format, &end.write(format)), Some(end), "{format:?}");
            }
        }
    }

    #[test]
    fn a_row_is_no_end() {
        for line in ["", "#end", "#end,7", "#end,7,true,1", "#end,-1,true", "id,kind,status"] {
            assert_eq!(EndLine::read(ExportFormat::Csv, line), None, "{line}");
        }
        for line in ["", "{}", "{\"end\":7}", "{\"end\":{\"rows\":7,\"unmasked\":true},\"id\":1}", "[1]"] {
            assert_eq!(EndLine::read(ExportFormat::Ndjson, line), None, "{line}");
        }
    }
}
