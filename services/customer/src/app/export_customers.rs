//! All customers in the caller's scope as a file, each masked for whoever asked.

mod csv;

use std::sync::Arc;

use chrono::NaiveDate;
use futures::{StreamExt as _, stream};
use kit::{Download, Error, Input, Result, Runtime, db::word, export::Export};
use schema::{
    access::{Mask as _, Scope, Viewer},
    api::{
        customer::ExportCustomers,
        export::ExportFormat,
        problem::{Code, Problem},
    },
    ids::{CustomerId, OrgUnitId},
};

use crate::storage::export;

/// Customers that are read at once.
const PAGE: u32 = 500;

/// A file that is being written.
struct Writing {
    runtime: Arc<Runtime>,
    viewer: Viewer,
    scope: Scope,
    unit: Option<OrgUnitId>,
    format: ExportFormat,
    /// The day by which stages and relationships are told, the same for the whole file.
    today: NaiveDate,
    /// After whom the next page begins; nothing after the last one.
    next: Option<Option<CustomerId>>,
}

pub(crate) async fn export_customers(
    runtime: Arc<Runtime>,
    input: Input<ExportCustomers>,
) -> Result<Download> {
    let (viewer, scope) = (input.caller.viewer.clone(), input.caller.viewer.scope());
    let wanted = input.query.org_unit.as_deref();
    if scope == Scope::Nothing {
        let detail = "your roles reach no customers by themselves, so there is nothing to export";
        return Err(Problem::new(Code::Forbidden, detail).into());
    }
    let Some((unit, code)) = export::unit(&runtime.db, wanted, &scope).await? else {
        return Err(match wanted {
            Some(code) => Problem::field(
                "/org_unit",
                format!("there is no unit with the code `{code}` in your part of the organisation"),
            ),
            None => Problem::new(Code::Forbidden, "the unit that your token names does not exist"),
        }
        .into());
    };
    let format = input.query.format.unwrap_or_default();
    let today = runtime.clock.now().date_naive();
    let export = Export {
        action: "customers.export",
        subject: unit.into(),
        detail: format!("{code} as {}", word(&format)?),
        format,
        end_line: input.query.end_line.unwrap_or(false),
        name: format!("customers-{code}-{today}"),
        head: (format == ExportFormat::Csv).then(csv::header),
    };
    let writing = Writing {
        runtime: Arc::clone(&runtime),
        viewer: viewer.clone(),
        scope,
        unit: wanted.map(|_| unit),
        format,
        today,
        next: Some(None),
    };
    export.send(runtime, viewer, stream::try_unfold(writing, next_page).boxed()).await
}

async fn next_page(mut writing: Writing) -> Result<Option<(Vec<String>, Writing)>> {
    let Some(after) = writing.next else { return Ok(None) };
    let Writing { runtime, scope, unit, today, .. } = &writing;
    let (mut files, next) = export::page(&runtime.db, scope, *unit, after, PAGE, *today).await?;
    let codes = export::unit_codes(&runtime.db, &files).await?;
    writing.next = next.map(Some);
    files.mask(&writing.viewer);
    let lines: Result<Vec<String>> = files
        .iter()
        .map(|file| match writing.format {
            ExportFormat::Csv => csv::line(file, codes.get(&file.home_unit_id)),
            ExportFormat::Ndjson => serde_json::to_string(file)
                .map(|line| line + "\n")
                .map_err(|error| Error::malformed("a line", error)),
        })
        .collect();
    Ok(Some((lines?, writing)))
}
