//! Lists of invitations: a customer's, those to send, and those whose time has come.

use chrono::{DateTime, Utc};
use kit::{
    Db, Result, Work,
    db::{from_word, statement},
};
use schema::{
    access::Scope,
    api::{
        page::{self, Page},
        survey::{Invitation, InvitationToSend, InvitationsQuery, StateCount},
    },
    ids::{CustomerId, InvitationId, OutreachId, WaveId},
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

use super::{WHOLE, shown};
use crate::storage::selection::Selection;

/// A page of a customer's invitations, newest first; empty when the customer is not in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    scope: &Scope,
    wanted: &InvitationsQuery,
) -> Result<Page<Invitation>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = format!("invitations?customer={customer}");
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let mut sql = format!(
        "{WHOLE} WHERE i.customer_id = $1 AND {}",
        reference::scope::of_customer(scope, "i.customer_id", &mut values)
    );
    if let Some(after) = &wanted.after {
        let (proposed_at, id) = page::place_of(&query, after)?;
        values.push(proposed_at.into());
        values.push(id.into());
        sql.push_str(&format!(" AND (i.proposed_at, i.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY i.proposed_at DESC, i.id DESC LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let invitations: Result<Vec<Invitation>> = rows.iter().map(shown).collect();
    Ok(Page::of(invitations?, limit, &query, |one| (one.proposed_at, one.id)))
}

/// A page of what may be sent now and was not, of customers in scope: those granted first first.
pub(crate) async fn to_send(
    db: &Db,
    scope: &Scope,
    wanted: &InvitationsQuery,
    now: DateTime<Utc>,
) -> Result<Page<InvitationToSend>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = "invitations/to-send";
    let mut values: Vec<Value> = vec![now.into()];
    let mut sql = format!(
        "SELECT o.id, o.customer_id, o.invitation_id, o.reminder, o.channel, o.not_before, i.expires_at, \
         i.language FROM invitation_outreach o \
         JOIN invitation i ON i.customer_id = o.customer_id AND i.id = o.invitation_id \
         WHERE o.state = 'granted' AND o.sent_at IS NULL AND o.not_before <= $1 AND i.settled_at IS NULL \
         AND i.expires_at > $1 AND {}",
        reference::scope::of_customer(scope, "o.customer_id", &mut values)
    );
    if let Some(after) = &wanted.after {
        let (not_before, id) = page::place_of(query, after)?;
        values.push(not_before.into());
        values.push(id.into());
        sql.push_str(&format!(" AND (o.not_before, o.id) > (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY o.not_before, o.id LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let waiting: Result<Vec<(OutreachId, InvitationToSend)>> = rows.iter().map(waiting).collect();
    let page = Page::of(waiting?, limit, query, |(id, one)| (one.not_before, *id));
    Ok(Page { items: page.items.into_iter().map(|(_, one)| one).collect(), next: page.next })
}

fn waiting(row: &QueryResult) -> Result<(OutreachId, InvitationToSend)> {
    let one = InvitationToSend {
        invitation_id: row.try_get::<Uuid>("", "invitation_id")?.into(),
        customer_id: row.try_get::<Uuid>("", "customer_id")?.into(),
        channel: from_word(row.try_get("", "channel")?)?,
        not_before: row.try_get("", "not_before")?,
        expires_at: row.try_get("", "expires_at")?,
        reminder: row.try_get("", "reminder")?,
        language: row.try_get("", "language")?,
    };
    Ok((row.try_get::<Uuid>("", "id")?.into(), one))
}

/// Open invitations whose time has run out, those first that ran out first.
pub(crate) async fn to_expire(
    db: &Db,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<(CustomerId, InvitationId)>> {
    let sql = "SELECT customer_id, id FROM invitation WHERE settled_at IS NULL AND expires_at <= $1 \
               ORDER BY expires_at LIMIT $2";
    keys(db, sql, vec![now.into(), i64::from(most).into()]).await
}

/// Invitations whose next reminder is due.
pub(crate) async fn to_remind(
    db: &Db,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<(CustomerId, InvitationId)>> {
    let sql = "SELECT customer_id, id FROM invitation WHERE remind_at IS NOT NULL AND remind_at <= $1 \
               ORDER BY remind_at LIMIT $2";
    keys(db, sql, vec![now.into(), i64::from(most).into()]).await
}

/// What a statement selects by customer and id.
pub(in crate::storage) async fn keys(
    db: &Db,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<(CustomerId, InvitationId)>> {
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await?;
    let read = |row: &QueryResult| {
        let (customer, id): (Uuid, Uuid) = (row.try_get("", "customer_id")?, row.try_get("", "id")?);
        Ok((customer.into(), id.into()))
    };
    rows.iter().map(read).collect()
}

/// The open invitations of a wave run out now.
pub(crate) async fn run_out(work: &Work, wave: WaveId) -> Result<()> {
    let sql =
        "UPDATE invitation SET expires_at = $2 WHERE wave_id = $1 AND settled_at IS NULL AND expires_at > $2";
    work.execute(sql, vec![wave.uuid().into(), work.now().into()]).await?;
    Ok(())
}

/// How many of the selected invitations stand where, and how many were sent. An invitation belongs to the unit
/// that the answer to it does.
pub(crate) async fn counts(db: &Db, selection: &Selection) -> Result<(Vec<StateCount>, i64)> {
    let mut values: Vec<Value> = Vec::new();
    let unit = selection.unit(&mut values);
    let selected = selection.answers("a.phase", &mut values)?;
    let sql = format!(
        "WITH asked AS ({unit}) SELECT a.state, count(*) AS n, count(a.sent_at) AS sent FROM invitation a{selected} \
         GROUP BY a.state"
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let (mut states, mut sent) = (Vec::new(), 0);
    for row in &rows {
        let state = from_word(row.try_get("", "state")?)?;
        states.push(StateCount { state, count: row.try_get("", "n")? });
        sent += row.try_get::<i64>("", "sent")?;
    }
    states.sort_by_key(|one| one.state);
    Ok((states, sent))
}
