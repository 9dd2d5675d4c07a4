//! The values of one row, as the fields of a command: what a kind of rows asks for by name and type.

use chrono::{DateTime, NaiveDate, Utc};
use schema::{
    ids::{OrgUnitId, StaffId},
    value::{Currency, Milli, Minor},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    decimal::Marks,
    directory::Directory,
    mapping::{AmountUnit, Cell, Mapping},
    row::Columns,
};

/// Why a row is refused: the field, and what would be right. May quote the row, so it goes nowhere but into
/// the file of refused rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The field; empty when it is about the row as a whole.
    pub(crate) field: String,
    /// What is wrong with it.
    pub(crate) reason: String,
}

impl Mistake {
    /// A mistake in a field.
    pub(crate) fn new(field: &str, reason: impl Into<String>) -> Self {
        Self { field: field.to_owned(), reason: reason.into() }
    }
}

/// Reads the fields of one row.
pub(crate) struct Values<'a> {
    pub(crate) columns: &'a Columns,
    pub(crate) mapping: &'a Mapping,
    pub(crate) directory: &'a Directory,
}

type Read<T> = Result<T, Mistake>;

impl<'a> Values<'a> {
    /// What a field says, in our words; none when it is empty.
    pub(crate) fn text(&self, field: &str) -> Option<&'a str> {
        let cell = self.mapping.cells.get(field)?;
        let found = cell.columns.iter().find_map(|column| self.columns.get(column));
        translated(cell, found.or(cell.fallback.as_deref())?)
    }

    /// What a field says in each of its columns.
    pub(crate) fn texts(&self, field: &str) -> impl Iterator<Item = &'a str> {
        let cell = self.mapping.cells.get(field);
        let columns = cell.into_iter().flat_map(|cell| cell.columns.iter().map(move |column| (cell, column)));
        columns.filter_map(|(cell, column)| translated(cell, self.columns.get(column)?))
    }

    /// The fields of a family, without their common beginning, and what they say.
    pub(crate) fn family(&self, beginning: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let names =
            self.mapping.cells.keys().filter_map(move |name| Some((name, name.strip_prefix(beginning)?)));
        names.filter_map(|(name, rest)| Some((rest, self.text(name)?)))
    }

    /// What a field says that every row must say.
    pub(crate) fn required(&self, field: &str) -> Read<&'a str> {
        self.text(field).ok_or_else(|| Mistake::new(field, "it is empty"))
    }

    fn optional<T>(&self, field: &str, read: impl Fn(&'a str) -> Result<T, String>) -> Read<Option<T>> {
        let read = |text| read(text).map_err(|reason| Mistake::new(field, reason));
        self.text(field).map(read).transpose()
    }

    fn needed<T>(&self, field: &str, read: impl Fn(&'a str) -> Result<T, String>) -> Read<T> {
        read(self.required(field)?).map_err(|reason| Mistake::new(field, reason))
    }

    /// One of a set of words.
    pub(crate) fn word<T: DeserializeOwned>(&self, field: &str) -> Read<T> {
        self.needed(field, word)
    }

    /// One of a set of words, or nothing.
    pub(crate) fn word_if_any<T: DeserializeOwned>(&self, field: &str) -> Read<Option<T>> {
        self.optional(field, word)
    }

    /// A time.
    pub(crate) fn instant(&self, field: &str) -> Read<DateTime<Utc>> {
        self.needed(field, |text| self.mapping.dates.instant(text))
    }

    /// A time, or nothing.
    pub(crate) fn instant_if_any(&self, field: &str) -> Read<Option<DateTime<Utc>>> {
        self.optional(field, |text| self.mapping.dates.instant(text))
    }

    /// A day.
    pub(crate) fn day(&self, field: &str) -> Read<NaiveDate> {
        self.needed(field, |text| self.mapping.dates.day(text))
    }

    /// A day, or nothing.
    pub(crate) fn day_if_any(&self, field: &str) -> Read<Option<NaiveDate>> {
        self.optional(field, |text| self.mapping.dates.day(text))
    }

    /// An amount in a currency.
    pub(crate) fn amount(&self, field: &str, currency: &Currency) -> Read<Minor> {
        let decimals = match self.mapping.amounts {
            AmountUnit::Major => currency.decimals(),
            AmountUnit::Minor => 0,
        };
        self.needed(field, |text| self.mapping.marks.scaled(text, decimals)).map(Minor::new)
    }

    /// A quantity, in thousandths.
    pub(crate) fn quantity(&self, field: &str) -> Read<Milli> {
        self.needed(field, |text| self.mapping.marks.scaled(text, 3)).map(Milli::new)
    }

    /// A whole number.
    pub(crate) fn whole(&self, field: &str) -> Read<i64> {
        self.needed(field, |text| self.mapping.marks.scaled(text, 0))
    }

    /// A whole number of 32 bits.
    pub(crate) fn small(&self, field: &str) -> Read<i32> {
        self.needed(field, |text| integer(self.mapping.marks, text))
    }

    /// Yes or no, or nothing.
    pub(crate) fn flag_if_any(&self, field: &str) -> Read<Option<bool>> {
        self.optional(field, flag)
    }

    /// A currency.
    pub(crate) fn currency(&self, field: &str) -> Read<Currency> {
        self.needed(field, |text| {
            Currency::try_from(text.to_ascii_uppercase()).map_err(|error| error.to_string())
        })
    }

    /// A unit by its code.
    pub(crate) fn unit(&self, field: &str) -> Read<OrgUnitId> {
        let code = self
            .text(field)
            .ok_or_else(|| Mistake::new(field, "it is empty; `--unit CODE` names one for all such rows"))?;
        let unknown = || Mistake::new(field, format!("there is no unit with the code `{code}`"));
        self.directory.unit(code).ok_or_else(unknown)
    }

    /// A unit by its code, or nothing.
    pub(crate) fn unit_if_any(&self, field: &str) -> Read<Option<OrgUnitId>> {
        self.text(field).is_some().then(|| self.unit(field)).transpose()
    }

    /// A member of staff by their code, or nothing.
    pub(crate) fn staff_if_any(&self, field: &str) -> Read<Option<StaffId>> {
        self.optional(field, |code| {
            let unknown = || format!("there is no member of staff with the code `{code}` in your units");
            self.directory.staff(code).ok_or_else(unknown)
        })
    }
}

fn translated<'a>(cell: &'a Cell, text: &'a str) -> Option<&'a str> {
    Some(cell.words.get(text).map_or(text, String::as_str)).filter(|text| !text.is_empty())
}

fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::from(text)).map_err(|error| error.to_string())
}

/// A whole number of 32 bits.
pub(crate) fn integer(marks: Marks, text: &str) -> Result<i32, String> {
    i32::try_from(marks.scaled(text, 0)?).map_err(|_| "it is too large".to_owned())
}

/// Yes or no.
pub(crate) fn flag(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" => Ok(true),
        "false" | "no" | "n" | "0" => Ok(false),
        _ => Err("it is neither true, yes, y, 1 nor false, no, n, 0; [words] translates others".to_owned()),
    }
}
