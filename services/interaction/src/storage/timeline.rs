//! The timeline: one row for everything that happened, read newest first.

use std::collections::BTreeMap;

use kit::{
    Db, Result, Work,
    db::{from_word, word},
};
use reference::newest::{self, Range};
use schema::{
    access::Scope,
    api::{
        interaction::{TimelineEntry, TimelineOf, TimelineWanted},
        page::{self, Page},
    },
    ids::CustomerId,
    value::Minor,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _};

use super::entity::timeline_entry;

/// Adds what happened.
pub(crate) async fn add(work: &Work, customer: CustomerId, entry: &TimelineEntry) -> Result<()> {
    let row = timeline_entry::ActiveModel {
        customer_id: Set(customer.into()),
        occurred_at: Set(entry.occurred_at),
        id: Set(entry.id),
        kind: Set(word(&entry.kind)?),
        org_unit_id: Set(entry.org_unit_id.into()),
        channel: Set(word(&entry.channel)?),
        purchase_id: Set(entry.purchase_id.into()),
        currency: Set(entry.currency.as_str().to_owned()),
        amount_minor: Set(entry.amount_minor.get()),
    };
    timeline_entry::Entity::insert(row).exec_without_returning(work.tx()).await?;
    Ok(())
}

/// A page of the timeline of each of these customers, each asked for once, who is known and in scope.
pub(crate) async fn pages(
    db: &Db,
    wanted: &[TimelineWanted],
    limit: u32,
    scope: &Scope,
) -> Result<Vec<TimelineOf>> {
    let asked: Vec<CustomerId> = wanted.iter().map(|one| one.customer_id).collect();
    let seen = reference::customer::in_scope(db, &asked, scope).await?;
    let mut ranges: Vec<Range> = Vec::with_capacity(seen.len());
    for one in wanted.iter().filter(|one| seen.contains(&one.customer_id)) {
        let after = one.after.as_deref().map(|cursor| page::place_of(&query(one.customer_id), cursor));
        let after = after.transpose()?;
        ranges.push((one.customer_id, after.unwrap_or(newest::START)));
    }
    let mut entries = newest(db.read(), &ranges, limit + 1).await?;
    let page = |(customer_id, _): Range| {
        let rows = entries.remove(&customer_id).unwrap_or_default();
        let key = |entry: &TimelineEntry| (entry.occurred_at, entry.id);
        TimelineOf { customer_id, page: Page::of(rows, limit, &query(customer_id), key) }
    };
    Ok(ranges.into_iter().map(page).collect())
}

/// The newest entries of each range, newest first.
pub(super) async fn newest(
    connection: &impl ConnectionTrait,
    ranges: &[Range],
    limit: u32,
) -> Result<BTreeMap<CustomerId, Vec<TimelineEntry>>> {
    let read =
        |row: timeline_entry::Model| Ok((row.customer_id.into(), (row.occurred_at, row.id), entry(row)?));
    newest::read(connection, "timeline_entry", ranges, limit, read).await
}

/// What a cursor belongs to: one customer's timeline, however it is asked for.
fn query(customer: CustomerId) -> String {
    format!("timeline?customer={customer}")
}

fn entry(row: timeline_entry::Model) -> Result<TimelineEntry> {
    Ok(TimelineEntry {
        id: row.id,
        kind: from_word(row.kind)?,
        occurred_at: row.occurred_at,
        org_unit_id: row.org_unit_id.into(),
        channel: from_word(row.channel)?,
        purchase_id: row.purchase_id.into(),
        currency: super::currency(row.currency)?,
        amount_minor: Minor::new(row.amount_minor),
    })
}
