//! Sections as their owners served them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kit::{Result, Work, rows::Rows};
use schema::{api::section::Section, ids::CustomerId};
use uuid::Uuid;

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

/// Keeps a section of each of these customers unless what is held is newer; gives those of whom it was kept. They come
/// in the order of their ids, so that two batches do not wait for each other.
pub(crate) async fn keep<'a>(
    work: &Work,
    section: Section,
    fetched: impl IntoIterator<Item = &'a Fetched>,
) -> Result<BTreeSet<CustomerId>> {
    let (s, [revision, as_of]) = columns(section);
    let mut rows = Rows::into("customer_view", ["customer_id", s, revision, as_of]);
    for one in fetched {
        rows.push([
            one.customer_id.uuid().into(),
            one.json.as_str().into(),
            one.revision.into(),
            one.as_of.into(),
        ]);
    }
    let then = format!(
        "ON CONFLICT (customer_id) DO UPDATE SET {s} = excluded.{s}, {revision} = excluded.{revision}, \
         {as_of} = excluded.{as_of} \
         WHERE customer_view.{revision} IS NULL OR customer_view.{revision} < excluded.{revision} \
         OR (customer_view.{revision} = excluded.{revision} AND customer_view.{as_of} < excluded.{as_of}) \
         RETURNING customer_id"
    );
    let kept = work.insert_returning(rows, &then).await?;
    kept.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
}

/// The column of a section, and those of its revision and time.
const fn columns(section: Section) -> (&'static str, [&'static str; 2]) {
    match section {
        Section::File => ("file", ["file_revision", "file_as_of"]),
        Section::Dealings => ("dealings", ["dealings_revision", "dealings_as_of"]),
        Section::Loyalty => ("loyalty", ["loyalty_revision", "loyalty_as_of"]),
        Section::Voice => ("voice", ["voice_revision", "voice_as_of"]),
    }
}
