//! All members of a segment in the caller's scope as a file, each masked for whoever asked.

use std::{collections::BTreeSet, sync::Arc};

use futures::{StreamExt as _, stream};
use kit::{
    Download, Error, Input, Result, Runtime,
    csv::{Cell, line},
    db::word,
    export::Export,
};
use schema::{
    access::{Mask as _, Viewer},
    api::{
        customer::AttributeValue,
        export::ExportFormat,
        loyalty::{ExportSegment, SegmentMember},
    },
    ids::CustomerId,
};

use super::plan_segment;
use crate::{
    domain::segment::{Plan, Test},
    storage::segment::member,
};

/// Members that are read at once.
const PAGE: u32 = 500;

/// The columns of a line of CSV, before those of the attributes.
const COLUMNS: [&str; 20] = [
    "customer_id",
    "kind",
    "status",
    "home_unit_id",
    "tier",
    "points",
    "first_purchase",
    "last_purchase",
    "purchases",
    "main_currency",
    "turnover_minor",
    "rfm_recency",
    "rfm_frequency",
    "rfm_money",
    "contacts",
    "open_cases",
    "complaints",
    "nps",
    "csat",
    "ces",
];

/// A file that is being written.
struct Writing {
    runtime: Arc<Runtime>,
    viewer: Viewer,
    plan: Plan,
    attributes: BTreeSet<String>,
    format: ExportFormat,
    /// After whom the next page begins; nothing after the last one.
    next: Option<Option<CustomerId>>,
}

pub(crate) async fn export_segment(runtime: Arc<Runtime>, input: Input<ExportSegment>) -> Result<Download> {
    let (id, viewer) = (input.path.segment_id, input.caller.viewer.clone());
    let as_of = plan_segment::as_of(input.query.as_of, runtime.clock.now())?;
    let (segment, plan) = plan_segment::of_segment(&runtime.db, id, as_of).await?;
    let format = input.query.format.unwrap_or_default();
    let attributes = attributes_of(&plan);
    let export = Export {
        action: "segment.export",
        subject: id.into(),
        detail: format!("{} version {} as {}", segment.code, segment.version, word(&format)?),
        format,
        end_line: input.query.end_line.unwrap_or(false),
        name: format!("{}-{}", segment.code, as_of.date_naive()),
        head: (format == ExportFormat::Csv).then(|| header(&attributes)),
    };
    let writing = Writing {
        runtime: runtime.clone(),
        viewer: viewer.clone(),
        plan,
        attributes,
        format,
        next: Some(None),
    };
    export.send(runtime, viewer, stream::try_unfold(writing, next_page).boxed()).await
}

async fn next_page(mut writing: Writing) -> Result<Option<(Vec<String>, Writing)>> {
    let Some(after) = writing.next else { return Ok(None) };
    let scope = writing.viewer.scope();
    let Writing { runtime, plan, attributes, .. } = &writing;
    let mut members = member::page(&runtime.db, plan, attributes, &scope, after, PAGE).await?;
    writing.next =
        members.last().filter(|_| members.len() == PAGE as usize).map(|last| Some(last.customer_id));
    members.mask(&writing.viewer);
    let lines: Result<Vec<String>> = members
        .iter()
        .map(|member| match writing.format {
            ExportFormat::Csv => csv(member, &writing.attributes),
            ExportFormat::Ndjson => serde_json::to_string(member)
                .map(|line| line + "\n")
                .map_err(|error| Error::malformed("a line", error)),
        })
        .collect();
    Ok(Some((lines?, writing)))
}

fn header(attributes: &BTreeSet<String>) -> String {
    let columns = COLUMNS.iter().map(|name| Cell::Plain((*name).to_owned()));
    let attributes = attributes.iter().map(|code| Cell::Text(format!("attribute.{code}")));
    line(&columns.chain(attributes).collect::<Vec<Cell>>())
}

fn csv(member: &SegmentMember, attributes: &BTreeSet<String>) -> Result<String> {
    let mut cells = vec![
        Cell::Plain(member.customer_id.to_string()),
        Cell::Plain(word(&member.kind)?),
        Cell::Plain(word(&member.status)?),
        Cell::Plain(member.home_unit_id.to_string()),
        Cell::of(member.tier.map(|tier| word(&tier)).transpose()?),
        Cell::of(member.points.map(schema::value::Points::get)),
        Cell::of(member.first_purchase),
        Cell::of(member.last_purchase),
        Cell::of(member.purchases),
        Cell::of(member.main_currency.as_ref()),
        Cell::of(member.turnover_minor.map(schema::value::Minor::get)),
        Cell::of(member.rfm_recency),
        Cell::of(member.rfm_frequency),
        Cell::of(member.rfm_money),
        Cell::of(member.contacts),
        Cell::of(member.open_cases),
        Cell::of(member.complaints),
        Cell::of(member.nps),
        Cell::of(member.csat),
        Cell::of(member.ces),
    ];
    for code in attributes {
        let held = member.attributes.iter().find(|held| held.attribute == *code);
        cells.push(held.and_then(|held| held.value.as_ref()).map_or(Cell::Empty, cell));
    }
    Ok(line(&cells))
}

/// A value of an attribute: a word is what somebody wrote.
fn cell(value: &AttributeValue) -> Cell {
    let AttributeValue { integer, decimal_milli, boolean, date, code, text } = value;
    if let Some(text) = code.as_ref().or(text.as_ref()) {
        return Cell::Text(text.clone());
    }
    let number = integer.map(i64::from).or(decimal_milli.map(schema::value::Milli::get));
    match (number, boolean, date) {
        (Some(number), ..) => Cell::of(Some(number)),
        (None, Some(boolean), _) => Cell::of(Some(boolean)),
        (None, None, date) => Cell::of(date.as_ref()),
    }
}

/// The attributes that a plan asks for.
pub(crate) fn attributes_of(plan: &Plan) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(plan, &mut found);
    found
}

fn collect(plan: &Plan, found: &mut BTreeSet<String>) {
    match &plan.test {
        Test::All(inner) | Test::Any(inner) | Test::NoneOf(inner) => {
            inner.iter().for_each(|one| collect(one, found));
        }
        Test::Segment(inner) => collect(inner, found),
        Test::Attribute(code, _) => {
            found.insert(code.clone());
        }
        Test::Kind(_)
        | Test::Status(_)
        | Test::Unit(_)
        | Test::Tier(_)
        | Test::LastPurchase(_)
        | Test::Purchases(_)
        | Test::Turnover(..)
        | Test::Rfm(_)
        | Test::Count(..)
        | Test::Consent(..)
        | Test::LastScore(..)
        | Test::List(_) => {}
    }
}
