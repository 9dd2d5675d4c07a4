//! The timeline: one row for everything that happened, read newest first. Purchases and returns are in
//! one table, everything else in another; a view joins them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
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
    ids::{CaseId, ContactId, CustomerId, PurchaseId, TaskId},
    value::Minor,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _, FromQueryResult};
use uuid::Uuid;

use super::entity::{conversation::timeline_step, timeline_entry};

/// A row of the view.
#[derive(FromQueryResult)]
struct Row {
    customer_id: Uuid,
    occurred_at: DateTime<Utc>,
    id: Uuid,
    kind: String,
    org_unit_id: Uuid,
    channel: Option<String>,
    purchase_id: Option<Uuid>,
    currency: Option<String>,
    amount_minor: Option<i64>,
    contact_id: Option<Uuid>,
    case_id: Option<Uuid>,
    task_id: Option<Uuid>,
}

/// Adds what happened.
pub(crate) async fn add(work: &Work, customer: CustomerId, entry: &TimelineEntry) -> Result<()> {
    match (&entry.channel, entry.purchase_id, &entry.currency, entry.amount_minor) {
        (Some(channel), Some(purchase), Some(currency), Some(amount)) => {
            let row = timeline_entry::ActiveModel {
                customer_id: Set(customer.into()),
                occurred_at: Set(entry.occurred_at),
                id: Set(entry.id),
                kind: Set(word(&entry.kind)?),
                org_unit_id: Set(entry.org_unit_id.into()),
                channel: Set(word(channel)?),
                purchase_id: Set(purchase.into()),
                currency: Set(currency.as_str().to_owned()),
                amount_minor: Set(amount.get()),
            };
            timeline_entry::Entity::insert(row).exec_without_returning(work.tx()).await?;
        }
        (channel, ..) => {
            let row = timeline_step::ActiveModel {
                customer_id: Set(customer.into()),
                occurred_at: Set(entry.occurred_at),
                id: Set(entry.id),
                kind: Set(word(&entry.kind)?),
                org_unit_id: Set(entry.org_unit_id.into()),
                channel: Set(channel.as_ref().map(word).transpose()?),
                contact_id: Set(entry.contact_id.map(ContactId::uuid)),
                case_id: Set(entry.case_id.map(CaseId::uuid)),
                task_id: Set(entry.task_id.map(TaskId::uuid)),
            };
            timeline_step::Entity::insert(row).exec_without_returning(work.tx()).await?;
        }
    }
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
    let read = |row: Row| Ok((row.customer_id.into(), (row.occurred_at, row.id), entry(row)?));
    newest::read(connection, "timeline", ranges, limit, read).await
}

/// What a cursor belongs to: one customer's timeline, however it is asked for.
fn query(customer: CustomerId) -> String {
    format!("timeline?customer={customer}")
}

fn entry(row: Row) -> Result<TimelineEntry> {
    Ok(TimelineEntry {
        id: row.id,
        kind: from_word(row.kind)?,
        occurred_at: row.occurred_at,
        org_unit_id: row.org_unit_id.into(),
        channel: row.channel.map(from_word).transpose()?,
        purchase_id: row.purchase_id.map(PurchaseId::from),
        currency: row.currency.map(super::currency).transpose()?,
        amount_minor: row.amount_minor.map(Minor::new),
        contact_id: row.contact_id.map(ContactId::from),
        case_id: row.case_id.map(CaseId::from),
        task_id: row.task_id.map(TaskId::from),
    })
}
