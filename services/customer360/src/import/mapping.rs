//! The mapping: a small TOML file that says what a file holds and where it stands. `docs/import.md` is its
//! manual.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use clap::ValueEnum;
use encoding_rs::Encoding;
use serde::Deserialize;

use super::{
    Failed,
    dates::{Dates, DatesMapping},
    decimal::Marks,
    record::{Delimiter, Dialect},
};

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KindName {
    /// Customers to register.
    Customers,
    /// What customers are to each other.
    Relationships,
    /// Contacts on any channel.
    Contacts,
    /// Purchases.
    Purchases,
    /// Cases, with what became of them.
    Cases,
    /// Answers to surveys.
    Answers,
    /// Balances of points that customers bring along.
    Points,
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: KindName,
    source: String,
    system: Option<String>,
    #[serde(default)]
    file: FileMapping,
    #[serde(default)]
    dates: DatesMapping,
    #[serde(default)]
    amounts: AmountsMapping,
    #[serde(default)]
    columns: BTreeMap<String, ColumnsMapping>,
    #[serde(default)]
    constants: BTreeMap<String, Scalar>,
    #[serde(default)]
    defaults: BTreeMap<String, Scalar>,
    #[serde(default)]
    words: BTreeMap<String, BTreeMap<String, Scalar>>,
}

/// How the file is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileMapping {
    format: Format,
    encoding: String,
    delimiter: String,
    quote: String,
    header: bool,
    skip: u32,
    width: Option<usize>,
}

impl Default for FileMapping {
    fn default() -> Self {
        Self {
            format: Format::Csv,
            encoding: "utf-8".to_owned(),
            delimiter: ",".to_owned(),
            quote: "\"".to_owned(),
            header: true,
            skip: 0,
            width: None,
        }
    }
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// A record for each row, its columns delimited.
    Csv,
    /// A JSON object for each row, one a line.
    Ndjson,
}

/// How amounts are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AmountsMapping {
    decimal: char,
    thousands: Option<char>,
    unit: AmountUnit,
}

impl Default for AmountsMapping {
    fn default() -> Self {
        Self { decimal: '.', thousands: None, unit: AmountUnit::Major }
    }
}

/// What amounts count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AmountUnit {
    /// Euros, dollars, yen, with decimals.
    Major,
    /// Cents; whole numbers.
    Minor,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ColumnsMapping {
    One(Column),
    Several(Vec<Column>),
}

/// Where a value stands: in the column of this name (a key of JSON, with dots into objects), or at this
/// position, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Column {
    /// From 1.
    Position(usize),
    /// As the header or the JSON names it.
    Name(String),
}

/// A value written in the mapping.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Number(i64),
    Flag(bool),
}

impl Scalar {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}

/// Where a field's value comes from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    /// Its columns; more than one only where a customer has several of it.
    pub(crate) columns: Vec<Column>,
    /// What it is when no column has it.
    pub(crate) fallback: Option<String>,
    /// What the file's words mean in ours.
    pub(crate) words: BTreeMap<String, String>,
}

/// What a kind of rows can say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Its name in the mapping; one that ends with a dot stands for all that begin with it.
    pub(crate) name: &'static str,
    /// Whether every row must say it.
    pub(crate) required: bool,
}

/// A mapping that was checked.
#[derive(Debug)]
pub(crate) struct Mapping {
    /// What the rows are.
    pub(crate) kind: KindName,
    /// Where they come from: part of what each row is called.
    pub(crate) source: String,
    /// The code of the system whose ids for customers the file has.
    pub(crate) system: Option<String>,
    /// How rows are written.
    pub(crate) format: Format,
    /// The encoding of its text.
    pub(crate) encoding: &'static Encoding,
    /// How columns are told apart.
    pub(crate) dialect: Dialect,
    /// Whether a line names the columns.
    pub(crate) header: bool,
    /// Lines before that, or before the first row.
    pub(crate) skip: u32,
    /// How many columns each row has, when the mapping says so.
    pub(crate) width: Option<usize>,
    /// How days and times are written.
    pub(crate) dates: Dates,
    /// How numbers are written.
    pub(crate) marks: Marks,
    /// What amounts count.
    pub(crate) amounts: AmountUnit,
    /// Every field that the mapping speaks of.
    pub(crate) cells: BTreeMap<String, Cell>,
}

impl Mapping {
    /// Reads and checks a mapping.
    ///
    /// # Errors
    /// Names what is wrong in it.
    pub(crate) fn load(path: &Path, fields: impl Fn(KindName) -> &'static [Field]) -> Result<Self, Failed> {
        let name = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("the mapping {name} cannot be read: {error}"))?;
        Self::parse(&text, fields)
            .map_err(|wrong| format!("the mapping {name} is not usable: {wrong}").into())
    }

    /// Checks a mapping.
    ///
    /// # Errors
    /// Names what is wrong in it.
    pub(crate) fn parse(text: &str, fields: impl Fn(KindName) -> &'static [Field]) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|error| error.to_string())?;
        let encoding = Encoding::for_label(written.file.encoding.as_bytes()).ok_or_else(|| {
            format!("file.encoding: `{}` is none that is known, such as utf-8", written.file.encoding)
        })?;
        let dialect = dialect(&written.file)?;
        let AmountsMapping { decimal, thousands, unit } = written.amounts;
        if thousands == Some(decimal) {
            return Err("amounts.thousands is the same as amounts.decimal".to_owned());
        }
        let dates = Dates::new(&written.dates)?;
        let cells = cells(&written)?;
        let mapping = Self {
            kind: written.kind,
            source: written.source,
            system: written.system,
            format: written.file.format,
            encoding,
            dialect,
            header: written.file.header && written.file.format == Format::Csv,
            skip: written.file.skip,
            width: written.file.width,
            dates,
            marks: Marks { decimal, thousands },
            amounts: unit,
            cells,
        };
        mapping.check_fields(fields(mapping.kind))?;
        Ok(mapping)
    }

    /// Makes this unit the one of rows that name none.
    pub(crate) fn fall_back_on_unit(&mut self, code: &str) {
        self.cells.entry("unit".to_owned()).or_default().fallback.get_or_insert_with(|| code.to_owned());
    }

    fn check_fields(&self, known: &[Field]) -> Result<(), String> {
        for name in self.cells.keys() {
            let is_known = known.iter().any(|field| match field.name.strip_suffix('.') {
                Some(_) => name.starts_with(field.name) && name.len() > field.name.len(),
                None => field.name == name,
            });
            if !is_known {
                let names: Vec<&str> = known.iter().map(|field| field.name).collect();
                return Err(format!("there is no field `{name}`; there are {}", names.join(", ")));
            }
        }
        let missing: Vec<&str> = known
            .iter()
            .filter(|field| field.required && !self.cells.contains_key(field.name))
            .map(|field| field.name)
            .collect();
        if !missing.is_empty() {
            return Err(format!(
                "it does not say where to find {} (columns or constants)",
                missing.join(", ")
            ));
        }
        if self.cells.contains_key("customer") && self.system.is_none() {
            return Err(
                "`system` is missing: the code of the system whose ids stand in `customer`".to_owned()
            );
        }
        let observes = self.cells.keys().any(|name| name.starts_with("attribute."));
        if observes && !self.cells.contains_key("observed_at") {
            return Err("`observed_at` is missing: when the attributes were so".to_owned());
        }
        for column in self.cells.values().flat_map(|cell| &cell.columns) {
            match column {
                Column::Position(0) => return Err("positions of columns count from 1".to_owned()),
                Column::Position(_) if self.format == Format::Ndjson => {
                    return Err("columns of ndjson have names, no positions".to_owned());
                }
                Column::Name(name) if self.format == Format::Csv && !self.header => {
                    return Err(format!("without a header no column is named `{name}`: give its position"));
                }
                Column::Position(_) | Column::Name(_) => {}
            }
        }
        Ok(())
    }
}

fn dialect(file: &FileMapping) -> Result<Dialect, String> {
    let one = |text: &str| {
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    let delimiter = match file.delimiter.as_str() {
        "blanks" => Delimiter::Blanks,
        "tab" => Delimiter::Character('\t'),
        other => match one(other) {
            Some(c) if !matches!(c, '\n' | '\r') => Delimiter::Character(c),
            _ => return Err("file.delimiter is one character, `tab` or `blanks`".to_owned()),
        },
    };
    let quote = match file.quote.as_str() {
        "none" | "" => None,
        other => Some(one(other).ok_or("file.quote is one character or `none`")?),
    };
    if quote.is_some_and(|quote| delimiter == Delimiter::Character(quote)) {
        return Err("file.quote is the same as file.delimiter".to_owned());
    }
    Ok(Dialect { delimiter, quote })
}

fn cells(written: &Written) -> Result<BTreeMap<String, Cell>, String> {
    let names: BTreeSet<&String> =
        written.columns.keys().chain(written.constants.keys()).chain(written.defaults.keys()).collect();
    if let Some(lost) = written.words.keys().find(|name| !names.contains(name)) {
        return Err(format!("words.{lost} is about a field that the mapping does not fill"));
    }
    let mut cells = BTreeMap::new();
    for name in names {
        if written.columns.contains_key(name) && written.constants.contains_key(name) {
            return Err(format!(
                "`{name}` is a column and a constant; for empty columns there are [defaults]"
            ));
        }
        let columns = match written.columns.get(name) {
            None => Vec::new(),
            Some(ColumnsMapping::One(column)) => vec![column.clone()],
            Some(ColumnsMapping::Several(columns)) if matches!(name.as_str(), "phone" | "email") => {
                columns.clone()
            }
            Some(ColumnsMapping::Several(_)) => {
                return Err(format!("`{name}` has several columns; only phone and email may"));
            }
        };
        let fallback = written.constants.get(name).or_else(|| written.defaults.get(name)).map(Scalar::text);
        let words = written.words.get(name).into_iter().flatten();
        let words = words.map(|(theirs, ours)| (theirs.clone(), ours.text())).collect();
        cells.insert(name.clone(), Cell { columns, fallback, words });
    }
    Ok(cells)
}

#[cfg(test)]
mod tests;
