//! Delimited text: the columns of a record, which may go over several lines in quotes.
//!
//! A quote that is never closed costs its own line only: the lines after it are read anew.

use std::{
    collections::VecDeque,
    io::{self, Read},
};

use super::text::{LONGEST_LINE, Line, Lines};

/// The most lines that a quoted column may go over.
const MOST_LINES: usize = 100;

/// What stands between two columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// This character.
    Character(char),
    /// Any run of blanks and tabs; those at the beginning and end of a line mean nothing.
    Blanks,
}

/// How columns are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// What stands between two columns.
    pub(crate) delimiter: Delimiter,
    /// What encloses a column that holds delimiters or line ends; doubled, it is itself. None: nothing does.
    pub(crate) quote: Option<char>,
}

/// A record as it stands in the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// The number of its first line, from 1.
    pub(crate) line: u64,
    /// What stands there.
    pub(crate) raw: String,
    /// Its columns, or why they cannot be told apart.
    pub(crate) columns: Result<Vec<String>, &'static str>,
}

/// Reads records one after the other; empty lines are none.
pub(crate) struct Records<R> {
    lines: Lines<R>,
    dialect: Dialect,
    /// Lines that were read ahead in search of a closing quote.
    ahead: VecDeque<Line>,
}

impl<R: Read> Records<R> {
    /// Records of these lines.
    pub(crate) fn new(lines: Lines<R>, dialect: Dialect) -> Self {
        Self { lines, dialect, ahead: VecDeque::new() }
    }

    /// The next line as it stands there; none at the end.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line>> {
        match self.ahead.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    /// The next record; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn next_record(&mut self) -> io::Result<Option<Record>> {
        loop {
            let Some(line) = self.next_line()? else { return Ok(None) };
            if line.text.trim().is_empty() && line.flaw.is_none() {
                continue;
            }
            return self.record(line).map(Some);
        }
    }

    fn record(&mut self, first: Line) -> io::Result<Record> {
        let number = first.number;
        if let Some(flaw) = first.flaw {
            return Ok(Record { line: number, raw: first.text, columns: Err(flaw) });
        }
        let alone = match split(&first.text, self.dialect) {
            Split::Columns(columns) => Ok(columns),
            Split::Wrong(reason) => Err(reason),
            Split::Open => return self.over_lines(first.text, number),
        };
        Ok(Record { line: number, raw: first.text, columns: alone })
    }

    /// A record whose first line ends within quotes.
    fn over_lines(&mut self, first: String, number: u64) -> io::Result<Record> {
        let quote = self.dialect.quote.unwrap_or('"');
        let (mut joined, mut taken) = (first.clone(), Vec::new());
        while taken.len() < MOST_LINES && joined.len() < LONGEST_LINE {
            let Some(line) = self.next_line()? else { break };
            let (flawed, may_close) = (line.flaw.is_some(), line.text.contains(quote));
            joined.push('\n');
            joined.push_str(&line.text);
            taken.push(line);
            if flawed {
                break;
            }
            match if may_close { split(&joined, self.dialect) } else { Split::Open } {
                Split::Open => {}
                Split::Wrong(_) => break,
                Split::Columns(columns) => {
                    return Ok(Record { line: number, raw: joined, columns: Ok(columns) });
                }
            }
        }
        for line in taken.into_iter().rev() {
            self.ahead.push_front(line);
        }
        Ok(Record { line: number, raw: first, columns: Err("a quote in it is not closed") })
    }
}

/// What a text is, taken as one record.
enum Split {
    Columns(Vec<String>),
    /// It ends within quotes.
    Open,
    Wrong(&'static str),
}

fn split(text: &str, dialect: Dialect) -> Split {
    let is_end = |c: char| match dialect.delimiter {
        Delimiter::Character(delimiter) => c == delimiter,
        Delimiter::Blanks => c == ' ' || c == '\t',
    };
    let is_blank = |c: char| (c == ' ' || c == '\t') && dialect.delimiter != Delimiter::Character(c);
    let blanks = dialect.delimiter == Delimiter::Blanks;
    let mut rest = if blanks { text.trim_matches([' ', '\t']) } else { text };
    let mut columns = Vec::new();
    loop {
        let begun = rest.trim_start_matches(is_blank);
        let quoted = dialect.quote.and_then(|quote| Some((quote, begun.strip_prefix(quote)?)));
        let after = match quoted {
            Some((quote, inside)) => {
                let Some((column, after)) = unquoted(inside, quote) else { return Split::Open };
                columns.push(column);
                if blanks { after } else { after.trim_start_matches(is_blank) }
            }
            None => {
                let end = rest.find(is_end).unwrap_or(rest.len());
                let (column, after) = rest.split_at(end);
                columns.push(column.to_owned());
                after
            }
        };
        let mut characters = after.chars();
        match characters.next() {
            None => return Split::Columns(columns),
            Some(c) if is_end(c) => rest = characters.as_str(),
            Some(_) => return Split::Wrong("after a closing quote there is more before the next column"),
        }
        if blanks {
            rest = rest.trim_start_matches(is_end);
        }
    }
}

/// What stands up to the closing quote, and what follows it; none when there is no closing one.
fn unquoted(inside: &str, quote: char) -> Option<(String, &str)> {
    let (mut column, mut rest) = (String::new(), inside);
    loop {
        let (before, after) = rest.split_once(quote)?;
        column.push_str(before);
        match after.strip_prefix(quote) {
            Some(further) => {
                column.push(quote);
                rest = further;
            }
            None => return Some((column, after)),
        }
    }
}

#[cfg(test)]
mod tests;
