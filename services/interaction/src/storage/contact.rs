//! Contacts with their promises, and how many there were.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement, word},
    rows::Rows,
};
use reference::newest;
use schema::{
    access::Scope,
    api::{
        interaction::{Channel, ChannelCount, Contact, ContactPath, Phase, PhaseCount, Promise},
        page::{self, Page},
    },
    ids::{CustomerId, OrgUnitId, StaffId},
};
use sea_orm::{ConnectionTrait, FromQueryResult as _, QueryResult, Value};
use uuid::Uuid;

use super::entity::conversation::contact;

/// How often and when a customer and we spoke.
#[derive(Debug, Default)]
pub(super) struct Counts {
    by_channel: BTreeMap<Channel, i32>,
    by_phase: BTreeMap<Phase, i32>,
    /// The latest contact.
    pub(super) last_at: Option<DateTime<Utc>>,
}

impl Counts {
    /// By channel.
    pub(super) fn by_channel(&self) -> Vec<ChannelCount> {
        self.by_channel.iter().map(|(channel, n)| ChannelCount { channel: *channel, contacts: *n }).collect()
    }

    /// By phase.
    pub(super) fn by_phase(&self) -> Vec<PhaseCount> {
        self.by_phase.iter().map(|(phase, n)| PhaseCount { phase: *phase, contacts: *n }).collect()
    }
}

/// Writes new contacts and counts them, with the commit.
pub(crate) fn add(work: &Work, had: &[Contact]) -> Result<()> {
    let mut rows = Rows::into(
        "contact",
        [
            "customer_id",
            "id",
            "org_unit_id",
            "staff_id",
            "channel",
            "direction",
            "phase",
            "occurred_at",
            "recorded_at",
            "topic",
            "notes",
            "outcome",
            "answered",
            "promise_what",
            "promise_notes",
            "promise_staff_id",
            "promise_due_at",
            "promise_state",
            "promise_settled_at",
        ],
    );
    let mut counts: BTreeMap<(CustomerId, Channel, Phase), (i32, DateTime<Utc>)> = BTreeMap::new();
    for new in had {
        let promise = new.promise.as_ref();
        rows.push([
            new.customer_id.uuid().into(),
            new.id.uuid().into(),
            new.org_unit_id.uuid().into(),
            new.staff_id.map(StaffId::uuid).into(),
            word(&new.channel)?.into(),
            word(&new.direction)?.into(),
            word(&new.phase)?.into(),
            new.occurred_at.into(),
            work.now().into(),
            new.topic.as_str().into(),
            new.notes.clone().into(),
            new.outcome.clone().into(),
            new.answered.into(),
            promise.map(|one| one.what.clone()).into(),
            promise.and_then(|one| one.notes.clone()).into(),
            promise.and_then(|one| one.staff_id).map(StaffId::uuid).into(),
            promise.map(|one| one.due_at).into(),
            promise.map(|one| word(&one.state)).transpose()?.into(),
            promise.and_then(|one| one.settled_at).into(),
        ]);
        let (count, last_at) =
            counts.entry((new.customer_id, new.channel, new.phase)).or_insert((0, new.occurred_at));
        *count += 1;
        *last_at = new.occurred_at.max(*last_at);
    }
    work.insert_with_commit(rows, "")?;
    let mut rows = Rows::into("contact_count", ["customer_id", "channel", "phase", "contacts", "last_at"]);
    for ((customer, channel, phase), (count, last_at)) in counts {
        rows.push([
            customer.uuid().into(),
            word(&channel)?.into(),
            word(&phase)?.into(),
            count.into(),
            last_at.into(),
        ]);
    }
    let count = "ON CONFLICT (customer_id, channel, phase) DO UPDATE SET \
                 contacts = contact_count.contacts + excluded.contacts, \
                 last_at = CASE WHEN excluded.last_at > contact_count.last_at THEN excluded.last_at \
                 ELSE contact_count.last_at END";
    work.insert_with_commit(rows, count)
}

/// Hands the open promises of one person to another.
pub(crate) async fn hand_promises(work: &Work, from: StaffId, to: StaffId) -> Result<()> {
    work.execute(
        "UPDATE contact SET promise_staff_id = $2 WHERE promise_staff_id = $1 AND promise_state = 'open'",
        vec![from.uuid().into(), to.uuid().into()],
    )
    .await?;
    Ok(())
}

/// Who had the customer's last contact in this unit.
pub(crate) async fn last_receiver(
    work: &Work,
    customer: CustomerId,
    unit: OrgUnitId,
) -> Result<Option<StaffId>> {
    let sql = "SELECT staff_id FROM contact WHERE customer_id = $1 AND org_unit_id = $2 \
               AND staff_id IS NOT NULL ORDER BY occurred_at DESC, id DESC LIMIT 1";
    let row = work.query_one(sql, vec![customer.uuid().into(), unit.uuid().into()]).await?;
    Ok(row.map(|row| row.try_get_by_index::<Uuid>(0)).transpose()?.map(StaffId::from))
}

/// Writes what became of a contact's promise.
pub(crate) async fn settle(work: &Work, path: ContactPath, promise: &Promise) -> Result<()> {
    work.execute(
        "UPDATE contact SET promise_state = $3, promise_settled_at = $4 WHERE customer_id = $1 AND id = $2",
        vec![
            path.customer_id.uuid().into(),
            path.contact_id.uuid().into(),
            word(&promise.state)?.into(),
            promise.settled_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Records that the missed due time of a contact's promise was seen to.
pub(crate) async fn breached(work: &Work, path: ContactPath, due_at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE contact SET promise_breached_for = $3 WHERE customer_id = $1 AND id = $2";
    let values = vec![path.customer_id.uuid().into(), path.contact_id.uuid().into(), due_at.into()];
    work.execute(sql, values).await?;
    Ok(())
}

/// Open promises whose due time was over at `at` and was not seen to.
const OVERDUE: &str = "SELECT customer_id, id FROM contact WHERE promise_due_at < $1 AND promise_state = 'open' \
                       AND (promise_breached_for IS NULL OR promise_breached_for <> promise_due_at)";

/// The contacts of overdue promises; the one due first comes first.
pub(crate) async fn to_breach(db: &Db, now: DateTime<Utc>, most: u32) -> Result<Vec<ContactPath>> {
    let sql = format!("{OVERDUE} ORDER BY promise_due_at LIMIT $2");
    let values = vec![now.into(), i64::from(most).into()];
    db.read().query_all_raw(statement(db.read(), &sql, values)).await?.iter().map(path_of).collect()
}

/// The contacts of somebody's promises that were overdue at `at`, at most so many.
pub(crate) async fn overdue_of(
    work: &Work,
    staff: StaffId,
    at: DateTime<Utc>,
    most: i64,
) -> Result<Vec<ContactPath>> {
    let sql = format!("{OVERDUE} AND promise_staff_id = $2 ORDER BY customer_id, id LIMIT $3");
    let values = vec![at.into(), staff.uuid().into(), most.into()];
    work.query_all(&sql, values).await?.iter().map(path_of).collect()
}

fn path_of(row: &QueryResult) -> Result<ContactPath> {
    let (customer, id): (Uuid, Uuid) = (row.try_get("", "customer_id")?, row.try_get("", "id")?);
    Ok(ContactPath { customer_id: customer.into(), contact_id: id.into() })
}

/// The contact within a command, if the customer is in the scope of whoever commands it.
pub(crate) async fn find(work: &Work, path: ContactPath) -> Result<Option<Contact>> {
    load(work.tx(), path, &work.scope()).await
}

/// The contact, if the customer is in scope.
pub(crate) async fn get(db: &Db, path: ContactPath, scope: &Scope) -> Result<Option<Contact>> {
    load(db.read(), path, scope).await
}

async fn load(
    connection: &impl ConnectionTrait,
    path: ContactPath,
    scope: &Scope,
) -> Result<Option<Contact>> {
    let mut values: Vec<Value> = vec![path.customer_id.uuid().into(), path.contact_id.uuid().into()];
    let condition = reference::scope::of_customer(scope, "t.customer_id", &mut values);
    let sql = format!(
        "SELECT t.*, r.revision FROM contact t JOIN revision r ON r.subject_id = t.customer_id \
         WHERE t.customer_id = $1 AND t.id = $2 AND {condition}"
    );
    let Some(row) = connection.query_one_raw(statement(connection, &sql, values)).await? else {
        return Ok(None);
    };
    let revision = row.try_get("", "revision")?;
    Ok(Some(contact(contact::Model::from_query_result(&row, "")?, revision)?))
}

/// A page of the contacts of a customer who is known and in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    after: Option<&str>,
    limit: u32,
    scope: &Scope,
) -> Result<Option<Page<Contact>>> {
    if reference::customer::in_scope(db, &[customer], scope).await?.is_empty() {
        return Ok(None);
    }
    let query = format!("contacts?customer={customer}");
    let place = after.map(|cursor| page::place_of(&query, cursor)).transpose()?.unwrap_or(newest::START);
    let revision = super::revision(db, customer).await?;
    let read = |row: contact::Model| {
        Ok((row.customer_id.into(), (row.occurred_at, row.id), contact(row, revision)?))
    };
    let found = newest::read(db.read(), "contact", &[(customer, place)], limit + 1, read).await?;
    let rows = found.into_values().next().unwrap_or_default();
    Ok(Some(Page::of(rows, limit, &query, |row| (row.occurred_at, row.id))))
}

/// How often and when each of these customers and we spoke.
pub(super) async fn counts_of_each(
    connection: &impl ConnectionTrait,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, Counts>> {
    let (theirs, values) = super::of_customers(connection, "customer_id", customers);
    let sql = format!(
        "SELECT customer_id, channel, phase, contacts, last_at FROM contact_count \
         WHERE {theirs}"
    );
    let mut found: BTreeMap<CustomerId, Counts> = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        let counts = found.entry(row.try_get::<Uuid>("", "customer_id")?.into()).or_default();
        let contacts: i32 = row.try_get("", "contacts")?;
        *counts.by_channel.entry(from_word(row.try_get("", "channel")?)?).or_default() += contacts;
        *counts.by_phase.entry(from_word(row.try_get("", "phase")?)?).or_default() += contacts;
        counts.last_at = counts.last_at.max(Some(row.try_get("", "last_at")?));
    }
    Ok(found)
}

fn contact(row: contact::Model, revision: i64) -> Result<Contact> {
    let promise = match (row.promise_what, row.promise_due_at, row.promise_state) {
        (None, None, None) => None,
        (Some(what), Some(due_at), Some(state)) => Some(Promise {
            what,
            notes: row.promise_notes,
            staff_id: row.promise_staff_id.map(StaffId::from),
            due_at,
            state: from_word(state)?,
            settled_at: row.promise_settled_at,
            breached: row.promise_breached_for == Some(due_at),
        }),
        _ => return Err(Error::Fault("a contact holds half a promise".into())),
    };
    Ok(Contact {
        id: row.id.into(),
        customer_id: row.customer_id.into(),
        org_unit_id: row.org_unit_id.into(),
        staff_id: row.staff_id.map(StaffId::from),
        channel: from_word(row.channel)?,
        direction: from_word(row.direction)?,
        phase: from_word(row.phase)?,
        occurred_at: row.occurred_at,
        topic: row.topic,
        notes: row.notes,
        outcome: row.outcome,
        answered: row.answered,
        promise,
        revision,
    })
}
