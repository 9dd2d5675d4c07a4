//! The rows of a file, delimited or JSON: where each value stands was settled before the first one.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use serde_json::value::RawValue;

use super::{
    Failed,
    identity::Content,
    mapping::{Cell, Column, Format, Mapping},
    record::{Record, Records},
    text::Lines,
};

/// The values of a row by column.
#[derive(Debug)]
pub(crate) enum Columns {
    /// By position.
    Delimited(Vec<String>),
    /// By name, with dots into objects.
    Named(BTreeMap<String, String>),
}

impl Columns {
    /// What stands in a column, without blanks around it; none when that is empty.
    pub(crate) fn get(&self, column: &Column) -> Option<&str> {
        let text = match (self, column) {
            (Self::Delimited(columns), Column::Position(position)) => {
                columns.get(position.checked_sub(1)?).map(String::as_str)
            }
            (Self::Named(columns), Column::Name(name)) => columns.get(name).map(String::as_str),
            (Self::Delimited(_), Column::Name(_)) | (Self::Named(_), Column::Position(_)) => None,
        };
        text.map(str::trim).filter(|text| !text.is_empty())
    }

    /// What stands in the row as a whole: columns that the mapping does not name count too, so that a mapping
    /// can be extended without making other rows of these.
    pub(crate) fn content(&self) -> Content {
        match self {
            Self::Delimited(columns) => Content::of(columns.iter().map(String::as_str)),
            Self::Named(columns) => {
                Content::of(columns.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]))
            }
        }
    }
}

/// A row as it stands in the file.
#[derive(Debug)]
pub(crate) struct Row {
    /// The number of its first line, from 1.
    pub(crate) line: u64,
    /// What stands there.
    pub(crate) raw: String,
    /// Its values, or why it has none.
    pub(crate) columns: Result<Columns, String>,
}

/// Reads the rows of a file one after the other.
pub(crate) struct Rows<R> {
    records: Records<R>,
    format: Format,
    /// How many columns a row must have; none when at least `least`.
    width: Option<usize>,
    least: usize,
    /// Where the mapping's fields stand, by position where there is a header.
    pub(crate) cells: BTreeMap<String, Cell>,
}

impl<R: Read> Rows<R> {
    /// Reads the header, if there is one, and finds every column that the mapping names.
    ///
    /// # Errors
    /// Names the columns that are not there.
    pub(crate) fn begin(lines: Lines<R>, mapping: &Mapping) -> Result<Self, Failed> {
        let mut records = Records::new(lines, mapping.dialect);
        for _ in 0..mapping.skip {
            records.next_line()?;
        }
        let (mut cells, mut width) = (mapping.cells.clone(), mapping.width);
        if mapping.header {
            let header = records.next_record()?.ok_or("the file is empty: it has no header")?;
            let header = header.columns.map_err(|wrong| format!("the header cannot be read: {wrong}"))?;
            bind(&mut cells, &header)?;
            width = width.or(Some(header.len()));
        }
        let positions = cells.values().flat_map(|cell| &cell.columns).map(|column| match column {
            Column::Position(position) => *position,
            Column::Name(_) => 0,
        });
        let least = positions.max().unwrap_or(0);
        if let Some(width) = width.filter(|width| *width < least) {
            return Err(format!("the mapping names column {least}, but the file has {width}").into());
        }
        Ok(Self { records, format: mapping.format, width, least, cells })
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn next_row(&mut self) -> io::Result<Option<Row>> {
        if self.format == Format::Csv {
            let Some(Record { line, raw, columns }) = self.records.next_record()? else { return Ok(None) };
            let columns = columns.map_err(str::to_owned).and_then(|columns| self.checked(columns));
            return Ok(Some(Row { line, raw, columns }));
        }
        loop {
            let Some(line) = self.records.next_line()? else { return Ok(None) };
            if line.text.trim().is_empty() && line.flaw.is_none() {
                continue;
            }
            let columns = match line.flaw {
                Some(flaw) => Err(flaw.to_owned()),
                None => object(&line.text),
            };
            return Ok(Some(Row { line: line.number, raw: line.text, columns }));
        }
    }

    /// A row with fewer or more columns than others has values in wrong places.
    fn checked(&self, columns: Vec<String>) -> Result<Columns, String> {
        let (found, least) = (columns.len(), self.least);
        match self.width {
            Some(width) if found != width => Err(format!("it has {found} columns instead of {width}")),
            None if found < least => {
                Err(format!("it has {found} columns, and the mapping names column {least}"))
            }
            _ => Ok(Columns::Delimited(columns)),
        }
    }
}

/// Puts positions in place of the header's names.
fn bind(cells: &mut BTreeMap<String, Cell>, header: &[String]) -> Result<(), Failed> {
    let mut missing = Vec::new();
    for column in cells.values_mut().flat_map(|cell| &mut cell.columns) {
        let Column::Name(name) = &*column else { continue };
        let mut found = (1..).zip(header).filter(|(_, known)| known.trim() == name.trim());
        match (found.next(), found.next()) {
            (Some((position, _)), None) => *column = Column::Position(position),
            (Some(_), Some(_)) => {
                return Err(format!("the header names two columns `{name}`: give the position").into());
            }
            (None, _) => missing.push(name.trim().to_owned()),
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> = header.iter().map(|name| name.trim()).collect();
    Err(format!("the file has no column `{}`; it has `{}`", missing.join("`, `"), known.join("`, `")).into())
}

/// The values of a JSON object as text: numbers as they are written, null as nothing.
fn object(text: &str) -> Result<Columns, String> {
    let mut columns = BTreeMap::new();
    flatten(text, "", 0, &mut columns)?;
    Ok(Columns::Named(columns))
}

fn flatten(text: &str, within: &str, depth: u8, into: &mut BTreeMap<String, String>) -> Result<(), String> {
    let values: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(|error| match depth {
        0 => format!("it is no JSON object: {}", reason(&error)),
        _ => format!("`{within}` is no JSON object: {}", reason(&error)),
    })?;
    for (name, value) in values {
        let path = if within.is_empty() { name } else { format!("{within}.{name}") };
        let value = value.get();
        match value.as_bytes().first() {
            Some(b'{') if depth < 8 => flatten(value, &path, depth + 1, into)?,
            Some(b'"') => {
                let text = serde_json::from_str(value).map_err(|error| reason(&error))?;
                into.insert(path, text);
            }
            Some(b'n') | None => {}
            Some(_) => {
                into.insert(path, value.to_owned());
            }
        }
    }
    Ok(())
}

/// What a parser says, without where: the line of the file is named anyway.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn column(name: &str) -> Column {
        Column::Name(name.to_owned())
    }

    #[test]
    fn json_values_are_text_as_it_is_written() {
        let columns =
            object(r#"{"id":"a\"b","sum":11.770,"big":9007199254740993,"who":{"no":7,"x":null},"l":[1]}"#)
                .expect("an object");
        for (name, expected) in [
            ("id", Some("a\"b")),
            ("sum", Some("11.770")),
            ("big", Some("9007199254740993")),
            ("who.no", Some("7")),
            ("who.x", None),
            ("l", Some("[1]")),
        ] {
            assert_eq!(columns.get(&column(name)), expected, "{name}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["[1]", "{\"a\":", "7", "{\"a\":1}}", "{\"a\":\"\\uD800\"}"] {
            assert!(object(text).is_err(), "{text}");
        }
        let deep = "{\"a\":".repeat(100) + "1" + &"}".repeat(100);
        assert!(object(&deep).is_ok(), "what lies too deep stays text");
    }

    #[test]
    fn the_order_of_keys_does_not_make_another_row() {
        let content = |text: &str| object(text).expect("an object").content();
        assert_eq!(content(r#"{"a":1,"b":"2"}"#), content(r#"{ "b" : "2", "a" : 1 }"#));
        assert_ne!(content(r#"{"a":1}"#), content(r#"{"b":1}"#));
    }

    fn rows(text: &'static str, mapping: &str) -> Result<Rows<&'static [u8]>, Failed> {
        let mapping = Mapping::parse(mapping, super::super::kind::fields).expect("a mapping");
        Rows::begin(Lines::new(text.as_bytes(), mapping.encoding, Arc::default()), &mapping)
    }

    const POINTS: &str = "kind = \"points\"\nsource = \"s\"\nsystem = \"till\"\n";

    #[test]
    fn columns_are_found_by_the_header() {
        let mapping = format!(
            "{POINTS}[file]\nskip = 1\n[columns]\ncustomer = \"No\"\npoints = \" Points\"\noccurred_at = 3\n"
        );
        let mut found = rows("made by X\nPoints;, No ,Day\n5,a,b\n5,a\n5,a,b,c\n", &mapping).err();
        assert!(found.take().expect("no such column").to_string().contains("`Points`; it has"));
        let mut found = rows("made by X\nPoints, No ,Day\n5,a,b\n5,a\n5,a,b,c\n", &mapping).expect("rows");
        let mut widths = Vec::new();
        while let Some(row) = found.next_row().expect("readable") {
            widths.push((row.line, row.columns.is_ok()));
        }
        assert_eq!(widths, [(3, true), (4, false), (5, false)]);
        assert_eq!(found.cells["points"].columns, [Column::Position(1)]);
        assert!(rows("x\nNo,Points,Points\n", &mapping).is_err(), "which of the two?");
        assert!(rows("x\nNo,Points\n", &mapping).is_err(), "position 3 of 2");
        assert!(rows("", &mapping).is_err());
    }
}
