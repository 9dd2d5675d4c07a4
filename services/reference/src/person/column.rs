//! Columns: what they hold, and who sees it.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{Error, Result, db::from_word};
use schema::{
    access::{Class, Level, MaskField, Viewer},
    api::customer::AttributeClass,
};
use sea_orm::{QueryResult, Value};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A UUID.
    Id,
    /// A text or a code.
    Text,
    /// A number of 32 bits.
    Integer,
    /// A number of 64 bits.
    Long,
    /// Yes or no.
    Flag,
    /// A time.
    Time,
    /// A day.
    Day,
    /// A JSON text.
    Json,
}

/// Who sees a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Whoever sees the customer.
    ToAll,
    /// By the table of roles: whole, masked, or not at all.
    By(Class),
    /// By the class of the attribute, which another column of the row names.
    AsAttribute(&'static str),
    /// Only who sees every class whole, because the class is not known here.
    ToWhoSeesEverything,
}

/// One column of a table of a customer's rows.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the record, and in the table unless `from` says otherwise.
    pub name: &'static str,
    /// The column of a joined table that it is taken from.
    pub from: Option<&'static str>,
    /// Its type.
    pub holds: Holds,
    /// Who sees it.
    pub shown: Shown,
}

macro_rules! columns {
    ($($(#[doc = $doc:literal])+ $name:ident = $holds:ident;)+) => {$(
        $(#[doc = $doc])+
        pub const fn $name(name: &'static str) -> Column {
            Column { name, from: None, holds: Holds::$holds, shown: Shown::ToAll }
        }
    )+};
}

columns! {
    /// A column of ids that whoever sees the customer sees.
    id = Id;
    /// A column of texts or codes.
    text = Text;
    /// A column of numbers of 32 bits.
    integer = Integer;
    /// A column of numbers of 64 bits.
    long = Long;
    /// A column of yes or no.
    flag = Flag;
    /// A column of times.
    time = Time;
    /// A column of days.
    day = Day;
    /// A column of JSON texts.
    json = Json;
}

impl Column {
    /// The same column, taken from a joined table.
    #[must_use]
    pub const fn from(self, from: &'static str) -> Self {
        Self { from: Some(from), ..self }
    }

    /// The same column, as sensitive as names.
    #[must_use]
    pub const fn identity(self) -> Self {
        Self { shown: Shown::By(Class::Identity), ..self }
    }

    /// The same column, as sensitive as phone numbers.
    #[must_use]
    pub const fn contact(self) -> Self {
        Self { shown: Shown::By(Class::Contact), ..self }
    }

    /// The same column, as sensitive as notes.
    #[must_use]
    pub const fn sensitive(self) -> Self {
        Self { shown: Shown::By(Class::Sensitive), ..self }
    }

    /// The same column, as sensitive as scores.
    #[must_use]
    pub const fn value(self) -> Self {
        Self { shown: Shown::By(Class::Value), ..self }
    }

    /// The same column, as sensitive as points.
    #[must_use]
    pub const fn standing(self) -> Self {
        Self { shown: Shown::By(Class::Standing), ..self }
    }

    /// The same column, of the class that the column `class` names.
    #[must_use]
    pub const fn as_attribute(self, class: &'static str) -> Self {
        Self { shown: Shown::AsAttribute(class), ..self }
    }

    /// The same column, of a class that is not known here.
    #[must_use]
    pub const fn unknown_class(self) -> Self {
        Self { shown: Shown::ToWhoSeesEverything, ..self }
    }

    /// What a row holds in this column.
    pub(super) fn read(&self, row: &QueryResult) -> Result<Json> {
        let name = self.name;
        Ok(match self.holds {
            Holds::Id => row.try_get::<Option<Uuid>>("", name)?.map(|id| id.to_string()).into(),
            Holds::Text => row.try_get::<Option<String>>("", name)?.into(),
            Holds::Integer => row.try_get::<Option<i32>>("", name)?.into(),
            Holds::Long => row.try_get::<Option<i64>>("", name)?.into(),
            Holds::Flag => row.try_get::<Option<bool>>("", name)?.into(),
            Holds::Time => {
                let time: Option<DateTime<Utc>> = row.try_get("", name)?;
                time.map(|time| serde_json::to_value(time).map_err(|error| Error::malformed("a time", error)))
                    .transpose()?
                    .into()
            }
            Holds::Day => row.try_get::<Option<NaiveDate>>("", name)?.map(|day| day.to_string()).into(),
            Holds::Json => match row.try_get::<Option<String>>("", name)? {
                Some(text) => serde_json::from_str(&text)
                    .map_err(|error| Error::malformed("a JSON text in a row", error))?,
                None => Json::Null,
            },
        })
    }

    /// What a row holds in this column, as a value to compare with.
    pub(super) fn key(&self, row: &QueryResult) -> Result<Value> {
        let name = self.name;
        Ok(match self.holds {
            Holds::Id => row.try_get::<Uuid>("", name)?.into(),
            Holds::Integer => row.try_get::<i32>("", name)?.into(),
            Holds::Long => row.try_get::<i64>("", name)?.into(),
            Holds::Flag => row.try_get::<bool>("", name)?.into(),
            Holds::Time => row.try_get::<DateTime<Utc>>("", name)?.into(),
            Holds::Day => row.try_get::<NaiveDate>("", name)?.into(),
            Holds::Text | Holds::Json => row.try_get::<String>("", name)?.into(),
        })
    }

    /// Masks what a record holds in this column, or takes it out.
    pub(super) fn mask(&self, record: &mut Map<String, Json>, viewer: &Viewer) -> Result<()> {
        let level = match self.shown {
            Shown::ToAll => Level::Whole,
            Shown::By(class) => viewer.level(class),
            Shown::ToWhoSeesEverything => whole_if(viewer.sees_everything_whole()),
            Shown::AsAttribute(class) => match record.get(class) {
                Some(Json::String(word)) => {
                    whole_if(from_word::<AttributeClass>(word.clone())?.is_whole_for(viewer))
                }
                // An attribute of which the class is not known any more.
                _ => whole_if(viewer.sees_everything_whole()),
            },
        };
        if let Some(value) = record.get_mut(self.name) {
            *value = reduced(value.take(), level);
        }
        Ok(())
    }
}

const fn whole_if(condition: bool) -> Level {
    if condition { Level::Whole } else { Level::None }
}

/// The part of a value that a level shows: a masked number, day or list would be a false one.
pub(super) fn reduced(value: Json, level: Level) -> Json {
    match (level, value) {
        (Level::Whole, value) => value,
        (Level::Masked, Json::String(text)) => {
            let mut text = Some(text);
            MaskField::reduce(&mut text, level);
            text.into()
        }
        (Level::Masked | Level::None, _) => Json::Null,
    }
}
