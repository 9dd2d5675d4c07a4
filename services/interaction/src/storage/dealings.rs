//! Section `dealings`: what the view holds of several customers, read with eight statements however
//! many they are.

use chrono::{DateTime, Utc};
use kit::{Db, Result, db::statement, rows::among};
use reference::newest::{self, Range};
use schema::{
    access::Scope,
    api::{
        interaction::{Dealings, DealingsSummary},
        section::{SectionOf, Sections},
    },
    ids::CustomerId,
};
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

use super::{case, contact, owed, purchase, timeline, turnover};
use crate::domain;

/// The purchases in a section.
const PURCHASES: u32 = 10;
/// The open cases in a section.
const CASES: u32 = 10;
/// What is owed in a section, without what does not apply to it.
const OWED: u32 = 20;
/// The timeline entries in a section.
const ENTRIES: u32 = 20;

/// The sections of those customers that are known here.
///
/// Revisions are read first: a section that a command changes meanwhile is then newer than it says,
/// never older, and the command's event has it asked for again.
pub(crate) async fn sections(
    db: &Db,
    customers: &[CustomerId],
    as_of: DateTime<Utc>,
) -> Result<Sections<Dealings>> {
    let known = revisions(db, customers).await?;
    if known.is_empty() {
        return Ok(Sections { items: Vec::new() });
    }
    let ids: Vec<CustomerId> = known.iter().map(|(customer, _)| *customer).collect();
    let ranges: Vec<Range> = ids.iter().map(|customer| (*customer, newest::START)).collect();
    let mut turnovers = turnover::of_each(db.read(), &ids).await?;
    let mut purchases = purchase::newest(db.read(), &ranges, PURCHASES).await?;
    let mut timelines = timeline::newest(db.read(), &ranges, ENTRIES).await?;
    let mut contacts = contact::counts_of_each(db.read(), &ids).await?;
    let mut open_counts = case::open_counts(db.read(), &ids).await?;
    let mut complaints = case::complaint_counts(db.read(), &ids, as_of).await?;
    let mut open_cases = case::newest_open(db.read(), &ranges, CASES).await?;
    let mut owed = owed::of_each(db.read(), &ids, OWED).await?;
    let item = |(customer_id, revision): (CustomerId, i64)| {
        let purchases = purchases.remove(&customer_id).unwrap_or_default();
        let contacts = contacts.remove(&customer_id).unwrap_or_default();
        let (owed, owed_count) = owed.remove(&customer_id).unwrap_or_default();
        let section = Dealings {
            turnover: turnovers.remove(&customer_id).unwrap_or_default(),
            last_purchase_at: purchases.first().map(|latest| latest.occurred_at),
            purchases,
            timeline: timelines.remove(&customer_id).unwrap_or_default(),
            contacts_by_channel: contacts.by_channel(),
            contacts_by_phase: contacts.by_phase(),
            last_contact_at: contacts.last_at,
            open_case_count: open_counts.remove(&customer_id).unwrap_or_default(),
            open_cases: open_cases.remove(&customer_id).unwrap_or_default(),
            owed,
            owed_count,
            complaints_in_90_days: complaints.remove(&customer_id).unwrap_or_default(),
        };
        let section = domain::section::fit(section);
        SectionOf { customer_id, revision, as_of, section }
    };
    Ok(Sections { items: known.into_iter().map(item).collect() })
}

/// A customer's dealings in figures; none when they are not known or out of scope.
pub(crate) async fn summary(
    db: &Db,
    customer: CustomerId,
    as_of: DateTime<Utc>,
    scope: &Scope,
) -> Result<Option<DealingsSummary>> {
    let one = [customer];
    if reference::customer::in_scope(db, &one, scope).await?.is_empty() {
        return Ok(None);
    }
    let contacts = contact::counts_of_each(db.read(), &one).await?.remove(&customer).unwrap_or_default();
    let open = case::open_counts(db.read(), &one).await?.remove(&customer);
    let complaints = case::complaint_counts(db.read(), &one, as_of).await?.remove(&customer);
    Ok(Some(DealingsSummary {
        contacts_by_channel: contacts.by_channel(),
        contacts_by_phase: contacts.by_phase(),
        last_contact_at: contacts.last_at,
        open_case_count: open.unwrap_or_default(),
        complaints_in_90_days: complaints.unwrap_or_default(),
        as_of,
    }))
}

/// The customers that are known here, each with its revision; 0 when nothing happened yet.
async fn revisions(db: &Db, customers: &[CustomerId]) -> Result<Vec<(CustomerId, i64)>> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let listed = among(db.backend(), "c.customer_id", customers.iter().map(|id| id.uuid()), &mut values);
    let sql = format!(
        "SELECT c.customer_id, r.revision FROM customer_ref c \
         LEFT JOIN revision r ON r.subject_id = c.customer_id WHERE {listed}"
    );
    let mut known = Vec::new();
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        let revision: Option<i64> = row.try_get("", "revision")?;
        known.push((row.try_get::<Uuid>("", "customer_id")?.into(), revision.unwrap_or(0)));
    }
    Ok(known)
}
