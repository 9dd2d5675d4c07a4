//! Rows of the view: one statement for any number of them.

use chrono::{DateTime, Utc};
use kit::{
    Db, Result,
    db::{from_word, statement},
    rows::among,
};
use reference::customer;
use schema::{access::Scope, api::section::Section, ids::CustomerId};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::domain::row::{Held, Row};

/// Whose view it is: straight from the event, or from a file fetched before the event came. Both count the same revision.
pub(crate) const REFERENCE: customer::Held =
    customer::Held { table: "customer_view", revision: "reference_revision" };

/// The rows of those of `ids` that are in scope, in no particular order.
pub(crate) async fn load(db: &Db, ids: &[CustomerId], scope: &Scope) -> Result<Vec<Row>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = Vec::new();
    let listed = among(db.backend(), "v.customer_id", ids.iter().map(|id| id.uuid()), &mut values);
    let condition = reference::scope::of_customer(scope, "v.customer_id", &mut values);
    // Codes hold no blanks, so neither do paths and names of sections.
    let sql = format!(
        "SELECT v.*, \
         (SELECT string_agg(u.path, ' ') FROM customer_unit served JOIN org_unit u ON u.id = served.org_unit_id \
          WHERE served.customer_id = v.customer_id AND u.path IS NOT NULL) AS paths, \
         (SELECT string_agg(s.section, ' ') FROM view_stale s WHERE s.customer_id = v.customer_id) AS stale \
         FROM customer_view v WHERE {listed} AND v.reference_revision > 0 AND {condition}"
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    rows.iter().map(decode).collect()
}

fn decode(row: &QueryResult) -> Result<Row> {
    let words = |column: &str| -> Result<Vec<String>> {
        let text: Option<String> = row.try_get("", column)?;
        Ok(text.unwrap_or_default().split_whitespace().map(str::to_owned).collect())
    };
    let stale = words("stale")?;
    let mut sections = Sections { row, weight: 0, unreadable: Vec::new() };
    Ok(Row {
        customer_id: row.try_get::<Uuid>("", "customer_id")?.into(),
        kind: from_word(row.try_get("", "kind")?)?,
        status: from_word(row.try_get("", "status")?)?,
        home_unit_id: row.try_get::<Uuid>("", "home_unit_id")?.into(),
        paths: words("paths")?,
        file: sections.held(Section::File)?,
        dealings: sections.held(Section::Dealings)?,
        loyalty: sections.held(Section::Loyalty)?,
        voice: sections.held(Section::Voice)?,
        stale: Section::ALL.into_iter().filter(|one| stale.iter().any(|name| name == one.name())).collect(),
        weight: sections.weight,
        unreadable: sections.unreadable,
    })
}

/// The sections of one row.
struct Sections<'a> {
    row: &'a QueryResult,
    weight: u32,
    unreadable: Vec<Section>,
}

impl Sections<'_> {
    fn held<T: DeserializeOwned>(&mut self, section: Section) -> Result<Option<Held<T>>> {
        let s = section.name();
        let json: Option<String> = self.row.try_get("", s)?;
        let revision: Option<i64> = self.row.try_get("", &format!("{s}_revision"))?;
        let as_of: Option<DateTime<Utc>> = self.row.try_get("", &format!("{s}_as_of"))?;
        let (Some(json), Some(revision), Some(as_of)) = (json, revision, as_of) else { return Ok(None) };
        // Decoded, it takes about twice the room of its text.
        let weight = u32::try_from(json.len()).unwrap_or(u32::MAX).saturating_mul(2);
        self.weight = self.weight.saturating_add(weight);
        match serde_json::from_str(&json) {
            Ok(value) => Ok(Some(Held { value, revision, as_of })),
            // Written by another version: one section that is fetched again, not a customer that is lost.
            Err(error) => {
                tracing::warn!(%error, section = s, "a section is not in the form of this version");
                self.unreadable.push(section);
                Ok(None)
            }
        }
    }
}
