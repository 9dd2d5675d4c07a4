//! Comma-separated values as a spreadsheet may open them.
//!
//! RFC 4180: lines end with CRLF; a field with a comma, a quote or a line break is quoted, its quotes doubled.
//! A text that begins as a formula does would be run by the spreadsheet (OWASP, "CSV injection"): an
//! apostrophe before it makes it a text. Numbers and days are ours and are left as they are.

/// A cell of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// What somebody else may have written.
    Text(String),
    /// A number, a day or an id: digits, hyphens and nothing that could be run.
    Plain(String),
    /// Nothing.
    Empty,
}

impl Cell {
    /// Of a value that may be absent.
    pub fn of(value: Option<impl ToString>) -> Self {
        value.map_or(Self::Empty, |value| Self::Plain(value.to_string()))
    }
}

/// A line, with its end.
pub fn line(cells: &[Cell]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| match cell {
            Cell::Text(text) => quoted(&harmless(text)),
            Cell::Plain(text) => quoted(text),
            Cell::Empty => String::new(),
        })
        .collect();
    cells.join(",") + "\r\n"
}

/// The text, so that no spreadsheet runs it.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn what_would_be_run_is_made_a_text() {
        for (written, is) in [
            ("=1+1", "'=1+1\r\n"),
            ("+49", "'+49\r\n"),
            ("-1", "'-1\r\n"),
            ("@SUM(A1)", "'@SUM(A1)\r\n"),
            ("\tx", "'\tx\r\n"),
            ("\rx", "\"'\rx\"\r\n"),
            ("=HYPERLINK(\"a\",\"b\")", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"\r\n"),
            ("a=b", "a=b\r\n"),
            ("", "\r\n"),
        ] {
            assert_eq!(line(&[text(written)]), is, "{written:?}");
        }
    }

    #[test]
    fn a_line_is_quoted_where_it_must_be() {
        let cells = [text("a,b"), Cell::Plain("-500".into()), Cell::Empty, text("say \"hi\"\nnow")];
        assert_eq!(line(&cells), "\"a,b\",-500,,\"say \"\"hi\"\"\nnow\"\r\n");
        assert_eq!(line(&[Cell::of(Some(7)), Cell::of(None::<i32>)]), "7,\r\n");
    }
}
