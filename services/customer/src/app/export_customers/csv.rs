//! A customer's file as a line of comma-separated values, for a spreadsheet. What is a list stands in one cell,
//! with semicolons between; whoever needs it exactly takes NDJSON.

use kit::{
    Result,
    csv::{Cell, line as line_of},
    db::word,
};
use schema::api::customer::{AttributeValue, ContactKind, CustomerFile};

/// The columns, in their order. One may be added at the end; none is renamed, moved or removed.
const COLUMNS: [&str; 21] = [
    "id",
    "kind",
    "status",
    "stage",
    "name",
    "birth_date",
    "language",
    "market_type",
    "home_unit",
    "home_unit_id",
    "serving_unit_ids",
    "phones",
    "emails",
    "external_ids",
    "household_id",
    "attributes",
    "consents",
    "stated_channels",
    "form_of_address",
    "registered_at",
    "revision",
];

/// The line with the columns' names.
pub(super) fn header() -> String {
    line_of(&COLUMNS.map(|name| Cell::Plain(name.to_owned())))
}

/// A customer's line, masked already.
pub(super) fn line(file: &CustomerFile, home_unit: Option<&String>) -> Result<String> {
    let words = |values: Vec<Result<String>>| -> Result<Cell> {
        Ok(listed(values.into_iter().collect::<Result<Vec<String>>>()?))
    };
    let consents = file
        .consents
        .iter()
        .map(|one| Ok(format!("{}/{}={}", word(&one.purpose)?, word(&one.channel)?, word(&one.status)?)));
    let channels = file.contact_preference.stated_channels.iter().map(word);
    let cells: [Cell; COLUMNS.len()] = [
        Cell::Plain(file.id.to_string()),
        Cell::Plain(word(&file.kind)?),
        Cell::Plain(word(&file.status)?),
        Cell::Plain(word(&file.stage)?),
        text(file.name.as_ref()),
        Cell::of(file.birth_date),
        text(file.language.as_ref()),
        Cell::of(file.market_type.as_ref().map(word).transpose()?),
        text(home_unit),
        Cell::Plain(file.home_unit_id.to_string()),
        listed(file.serving_unit_ids.iter().map(ToString::to_string).collect()),
        contacts(file, ContactKind::Phone),
        contacts(file, ContactKind::Email),
        external_ids(file),
        Cell::of(file.household_id),
        attributes(file),
        words(consents.collect())?,
        words(channels.collect())?,
        text(file.service_brief.form_of_address.as_ref()),
        Cell::Plain(file.registered_at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
        Cell::Plain(file.revision.to_string()),
    ];
    Ok(line_of(&cells))
}

fn text(value: Option<&String>) -> Cell {
    value.map_or(Cell::Empty, |value| Cell::Text(value.clone()))
}

fn listed(values: Vec<String>) -> Cell {
    if values.is_empty() { Cell::Empty } else { Cell::Text(values.join(";")) }
}

fn contacts(file: &CustomerFile, kind: ContactKind) -> Cell {
    let of_kind = file.contact_points.iter().filter(|point| point.kind == kind);
    listed(of_kind.filter_map(|point| point.value.clone()).collect())
}

fn external_ids(file: &CustomerFile) -> Cell {
    let id =
        |one: &schema::api::customer::ExternalId| Some(format!("{}:{}", one.system, one.value.as_ref()?));
    listed(file.external_ids.iter().filter_map(id).collect())
}

fn attributes(file: &CustomerFile) -> Cell {
    let seen = file.attributes.iter().filter_map(|one| {
        let value = written(one.value.as_ref()?)?;
        Some(format!("{}={value}", one.attribute))
    });
    listed(seen.collect())
}

/// A value of an attribute; a number in thousandths is written with its point.
fn written(value: &AttributeValue) -> Option<String> {
    let AttributeValue { integer, decimal_milli, boolean, date, code, text } = value;
    let decimal = decimal_milli.map(|milli| {
        let (sign, milli) = (if milli.get() < 0 { "-" } else { "" }, milli.get().unsigned_abs());
        format!("{sign}{}.{:03}", milli / 1000, milli % 1000)
    });
    integer
        .map(|number| number.to_string())
        .or(decimal)
        .or(boolean.map(|flag| flag.to_string()))
        .or(date.map(|day| day.to_string()))
        .or(code.as_ref().map(ToString::to_string))
        .or(text.as_ref().map(ToString::to_string))
}
