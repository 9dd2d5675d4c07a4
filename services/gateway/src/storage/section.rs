//! Sections as their owners served them.

use chrono::{DateTime, Utc};
use kit::{Result, Work};
use schema::{api::section::Section, ids::CustomerId};

/// A section to keep.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    /// Whose.
    pub(crate) customer_id: CustomerId,
    /// The owner's revision of the customer that it has.
    pub(crate) revision: i64,
    /// When the owner read it.
    pub(crate) as_of: DateTime<Utc>,
    /// The section in JSON.
    pub(crate) json: String,
}

/// Keeps a section unless what is held is newer. `true` when it was kept.
pub(crate) async fn keep(work: &Work, section: Section, fetched: &Fetched) -> Result<bool> {
    let s = section.name();
    let sql = format!(
        "INSERT INTO customer_view (customer_id, {s}, {s}_revision, {s}_as_of) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (customer_id) DO UPDATE SET {s} = excluded.{s}, {s}_revision = excluded.{s}_revision, \
         {s}_as_of = excluded.{s}_as_of \
         WHERE customer_view.{s}_revision IS NULL OR customer_view.{s}_revision < excluded.{s}_revision \
         OR (customer_view.{s}_revision = excluded.{s}_revision AND customer_view.{s}_as_of < excluded.{s}_as_of)"
    );
    let values = vec![
        fetched.customer_id.uuid().into(),
        fetched.json.as_str().into(),
        fetched.revision.into(),
        fetched.as_of.into(),
    ];
    Ok(work.execute(&sql, values).await?.rows_affected() == 1)
}
