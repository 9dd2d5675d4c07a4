//! Reads a customer's records table by table, page by page, and masks them.

use std::sync::Arc;

use futures::{
    StreamExt as _,
    stream::{self, BoxStream, Stream},
};
use kit::{Error, Result, Runtime, db::statement};
use schema::{
    access::{Level, Viewer},
    ids::CustomerId,
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::{
    Held,
    column::{Column, Shown},
    table::Table,
};

/// Rows that are read at once.
const PAGE: usize = 500;

/// A record that is no row with the customer's id, not masked yet.
#[derive(Clone, Debug)]
pub struct Record {
    /// What it is.
    pub kind: &'static str,
    /// Its fields: name, value, and who sees it. A class that another field names cannot be said here.
    pub fields: Vec<(&'static str, Json, Shown)>,
}

/// A line of the file.
#[derive(Serialize)]
struct Line<'a> {
    service: &'a str,
    kind: &'a str,
    record: Map<String, Json>,
}

/// How far the tables were read.
struct Reading {
    runtime: Arc<Runtime>,
    held: &'static Held,
    customer: CustomerId,
    viewer: Viewer,
    table: usize,
    /// The key of the last row that was read of the table.
    after: Vec<Value>,
}

/// The lines of everything that is held of a customer.
pub(super) fn pages(
    runtime: Arc<Runtime>,
    held: &'static Held,
    customer: CustomerId,
    viewer: Viewer,
) -> impl Stream<Item = Result<Vec<String>>> + Send + 'static {
    let also = further(&runtime, held, customer, viewer.clone());
    let reading = Reading { runtime, held, customer, viewer, table: 0, after: Vec::new() };
    stream::try_unfold(reading, Reading::next).chain(also)
}

impl Reading {
    async fn next(mut self) -> Result<Option<(Vec<String>, Self)>> {
        let Some(table) = self.held.tables.get(self.table) else { return Ok(None) };
        let (sql, values) = query(table, self.customer, &self.after);
        let read = self.runtime.db.read();
        let rows = read.query_all_raw(statement(read, &sql, values)).await?;
        let service = self.runtime.service.name();
        let lines: Result<Vec<String>> =
            rows.iter().map(|row| line(service, table.name, record(table, row, &self.viewer)?)).collect();
        match rows.last().filter(|_| rows.len() == PAGE && !table.key.is_empty()) {
            Some(last) => self.after = keys(table).map(|column| column.key(last)).collect::<Result<_>>()?,
            None => {
                self.after.clear();
                self.table += 1;
            }
        }
        Ok(Some((lines?, self)))
    }
}

/// The statement for the rows after a key.
fn query(table: &Table, customer: CustomerId, after: &[Value]) -> (String, Vec<Value>) {
    let Table { name, owner, key, join, columns, .. } = table;
    let columns: Vec<String> = columns
        .iter()
        .map(|column| match column.from {
            Some(from) => format!("{from} AS {}", column.name),
            None => format!("t.{}", column.name),
        })
        .collect();
    let mut sql = format!("SELECT {} FROM {name} t {join} WHERE t.{owner} = $1", columns.join(", "));
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    if !key.is_empty() {
        let key: Vec<String> = key.iter().map(|column| format!("t.{column}")).collect();
        if !after.is_empty() {
            values.extend_from_slice(after);
            let places: Vec<String> = (2..=values.len()).map(|place| format!("${place}")).collect();
            sql.push_str(&format!(" AND ({}) > ({})", key.join(", "), places.join(", ")));
        }
        sql.push_str(&format!(" ORDER BY {} LIMIT {PAGE}", key.join(", ")));
    }
    (sql, values)
}

fn keys(table: &'static Table) -> impl Iterator<Item = &'static Column> {
    let of = |name: &&str| table.columns.iter().find(|column| column.name == *name);
    table.key.iter().filter_map(of)
}

fn record(table: &Table, row: &QueryResult, viewer: &Viewer) -> Result<Map<String, Json>> {
    let mut record = Map::new();
    for column in table.columns {
        record.insert(column.name.to_owned(), column.read(row)?);
    }
    for column in table.columns {
        column.mask(&mut record, viewer)?;
    }
    Ok(record)
}

fn line(service: &str, kind: &str, record: Map<String, Json>) -> Result<String> {
    let line = Line { service, kind, record };
    Ok(serde_json::to_string(&line).map_err(|error| Error::malformed("a line", error))? + "\n")
}

/// The lines of what is in no table by the customer's id.
fn further(
    runtime: &Arc<Runtime>,
    held: &'static Held,
    customer: CustomerId,
    viewer: Viewer,
) -> BoxStream<'static, Result<Vec<String>>> {
    let service = runtime.service.name();
    let Some(also) = held.also else { return stream::empty().boxed() };
    let lines = move |records: Vec<Record>| -> Result<Vec<String>> {
        records.into_iter().map(|record| line(service, record.kind, masked(record, &viewer))).collect()
    };
    also(Arc::clone(runtime), customer).map(move |page| page.and_then(&lines)).boxed()
}

fn masked(record: Record, viewer: &Viewer) -> Map<String, Json> {
    let level = |shown| match shown {
        Shown::ToAll => Level::Whole,
        Shown::By(class) => viewer.level(class),
        Shown::ToWhoSeesEverything | Shown::AsAttribute(_) if viewer.sees_everything_whole() => Level::Whole,
        Shown::ToWhoSeesEverything | Shown::AsAttribute(_) => Level::None,
    };
    let field = |(name, value, shown): (&str, Json, Shown)| {
        (name.to_owned(), super::column::reduced(value, level(shown)))
    };
    record.fields.into_iter().map(field).collect()
}
