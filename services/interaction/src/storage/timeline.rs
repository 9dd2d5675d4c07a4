//! The timeline: one row for everything that happened, read newest first. Purchases and returns are in
//! one table, everything else in another; a view joins them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement, word},
    rows::Rows,
};
use reference::newest::{self, Range};
use schema::{
    access::Scope,
    api::{
        interaction::{TimelineEntry, TimelineOf, TimelineQuery, TimelineWanted},
        page::{self, Page},
    },
    ids::{
        AnswerId, CaseId, ContactId, CustomerId, GestureId, InvitationId, OutreachId, PurchaseId, StaffId,
        TaskId,
    },
    value::Minor,
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

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
    gesture_id: Option<Uuid>,
    staff_id: Option<Uuid>,
    outreach_id: Option<Uuid>,
    invitation_id: Option<Uuid>,
    answer_id: Option<Uuid>,
}

/// Adds what happened, with the commit.
pub(crate) fn add(work: &Work, customer: CustomerId, entry: &TimelineEntry) -> Result<()> {
    add_each(work, [(customer, entry.clone())])
}

/// Adds what happened to several customers, with the commit.
pub(crate) fn add_each(
    work: &Work,
    entries: impl IntoIterator<Item = (CustomerId, TimelineEntry)>,
) -> Result<()> {
    let mut bought = Rows::into(
        "timeline_entry",
        [
            "customer_id",
            "occurred_at",
            "id",
            "kind",
            "org_unit_id",
            "channel",
            "purchase_id",
            "currency",
            "amount_minor",
            "staff_id",
        ],
    );
    let mut steps = Rows::into(
        "timeline_step",
        [
            "customer_id",
            "occurred_at",
            "id",
            "kind",
            "org_unit_id",
            "channel",
            "contact_id",
            "case_id",
            "task_id",
            "staff_id",
            "gesture_id",
            "currency",
            "amount_minor",
            "purchase_id",
            "outreach_id",
            "invitation_id",
            "answer_id",
        ],
    );
    for (customer, entry) in entries {
        match (&entry.channel, entry.purchase_id, &entry.currency, entry.amount_minor) {
            (Some(channel), Some(purchase), Some(currency), Some(amount)) => bought.push([
                customer.uuid().into(),
                entry.occurred_at.into(),
                entry.id.into(),
                word(&entry.kind)?.into(),
                entry.org_unit_id.uuid().into(),
                word(channel)?.into(),
                purchase.uuid().into(),
                currency.as_str().into(),
                amount.get().into(),
                entry.staff_id.map(StaffId::uuid).into(),
            ]),
            (channel, ..) => steps.push([
                customer.uuid().into(),
                entry.occurred_at.into(),
                entry.id.into(),
                word(&entry.kind)?.into(),
                entry.org_unit_id.uuid().into(),
                channel.as_ref().map(word).transpose()?.into(),
                entry.contact_id.map(ContactId::uuid).into(),
                entry.case_id.map(CaseId::uuid).into(),
                entry.task_id.map(TaskId::uuid).into(),
                entry.staff_id.map(StaffId::uuid).into(),
                entry.gesture_id.map(GestureId::uuid).into(),
                entry.currency.as_ref().map(|currency| currency.as_str().to_owned()).into(),
                entry.amount_minor.map(Minor::get).into(),
                entry.purchase_id.map(PurchaseId::uuid).into(),
                entry.outreach_id.map(OutreachId::uuid).into(),
                entry.invitation_id.map(InvitationId::uuid).into(),
                entry.answer_id.map(AnswerId::uuid).into(),
            ]),
        }
    }
    work.insert_with_commit(bought, "")?;
    work.insert_with_commit(steps, "")
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

/// A page of what the filters leave of the timeline of a customer who is known and in scope.
pub(crate) async fn filtered(
    db: &Db,
    customer: CustomerId,
    asked: &TimelineQuery,
    limit: u32,
    scope: &Scope,
) -> Result<Option<Page<TimelineEntry>>> {
    if reference::customer::in_scope(db, &[customer], scope).await?.is_empty() {
        return Ok(None);
    }
    let (filters, mut values) = filters(asked)?;
    // The cursor belongs to these very filters.
    let told = TimelineQuery { after: None, limit: None, ..asked.clone() };
    let told = serde_json::to_string(&told).map_err(|error| Error::malformed("a filter", error))?;
    let query = format!("{}&{told}", query(customer));
    let place = asked.after.as_deref().map(|cursor| page::place_of(&query, cursor)).transpose()?;
    let (at, id) = place.unwrap_or(newest::START);
    let first = values.len() + 1;
    values.extend([customer.uuid().into(), at.into(), id.into(), (i64::from(limit) + 1).into()]);
    let sql = format!(
        "SELECT t.* FROM timeline t WHERE t.customer_id = ${first} AND (t.occurred_at, t.id) < (${}, ${}) \
         {filters} ORDER BY t.occurred_at DESC, t.id DESC LIMIT ${}",
        first + 1,
        first + 2,
        first + 3
    );
    let mut rows = Vec::new();
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        rows.push(entry(Row::from_query_result(&row, "")?)?);
    }
    Ok(Some(Page::of(rows, limit, &query, |entry| (entry.occurred_at, entry.id))))
}

/// The conditions that the filters put on `t`, with their values, which come first.
fn filters(asked: &TimelineQuery) -> Result<(String, Vec<Value>)> {
    let given: [(&str, Option<Value>); 7] = [
        ("t.channel = ?", asked.channel.as_ref().map(word).transpose()?.map(Value::from)),
        ("t.kind = ?", asked.kind.as_ref().map(word).transpose()?.map(Value::from)),
        ("t.occurred_at >= ?", asked.from.map(Value::from)),
        ("t.occurred_at < ?", asked.until.map(Value::from)),
        (
            "t.kind = 'contact' AND EXISTS (SELECT 1 FROM contact c WHERE c.customer_id = t.customer_id \
             AND c.id = t.contact_id AND c.phase = ?)",
            asked.phase.as_ref().map(word).transpose()?.map(Value::from),
        ),
        (
            "(t.staff_id = ? OR (t.kind = 'contact' AND EXISTS (SELECT 1 FROM contact c \
             WHERE c.customer_id = t.customer_id AND c.id = t.contact_id AND c.staff_id = ?)) \
             OR (t.kind = 'purchase' AND EXISTS (SELECT 1 FROM purchase p \
             WHERE p.customer_id = t.customer_id AND p.id = t.purchase_id AND p.staff_id = ?)))",
            asked.staff_id.map(|staff| staff.uuid().into()),
        ),
        (
            "t.org_unit_id IN (SELECT below.id FROM org_unit below WHERE below.path LIKE \
             (SELECT above.path FROM org_unit above WHERE above.id = ?) || '%')",
            asked.org_unit_id.map(|unit| unit.uuid().into()),
        ),
    ];
    let (mut conditions, mut values) = (String::new(), Vec::new());
    for (condition, value) in given {
        if let Some(value) = value {
            values.push(value);
            conditions += &format!("AND {} ", condition.replace('?', &format!("${}", values.len())));
        }
    }
    Ok((conditions, values))
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
        staff_id: row.staff_id.map(StaffId::from),
        purchase_id: row.purchase_id.map(PurchaseId::from),
        currency: row.currency.map(super::currency).transpose()?,
        amount_minor: row.amount_minor.map(Minor::new),
        contact_id: row.contact_id.map(ContactId::from),
        case_id: row.case_id.map(CaseId::from),
        task_id: row.task_id.map(TaskId::from),
        gesture_id: row.gesture_id.map(GestureId::from),
        outreach_id: row.outreach_id.map(OutreachId::from),
        invitation_id: row.invitation_id.map(InvitationId::from),
        answer_id: row.answer_id.map(AnswerId::from),
    })
}
