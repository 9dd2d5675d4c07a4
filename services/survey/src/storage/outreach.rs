//! Proposals to reach a customer: one for an invitation, one for each of its reminders.

use chrono::{DateTime, Utc};
use kit::{
    Result, Work,
    db::{from_word, word},
};
use schema::{
    api::interaction::Channel,
    ids::{CustomerId, InvitationId, OutreachId},
};
use uuid::Uuid;

/// A proposal, as far as it is decided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outreach {
    pub(crate) id: OutreachId,
    pub(crate) invitation: InvitationId,
    /// 0 for the invitation itself.
    pub(crate) reminder: i32,
}

/// What was granted, and whether it was used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grant {
    pub(crate) id: OutreachId,
    pub(crate) channel: Channel,
    pub(crate) not_before: DateTime<Utc>,
    pub(crate) sent_at: Option<DateTime<Utc>>,
}

/// The id of the proposal for an invitation, or for one of its reminders.
pub(crate) fn id(invitation: InvitationId, reminder: i32) -> OutreachId {
    Uuid::new_v5(&invitation.uuid(), format!("outreach#{reminder}").as_bytes()).into()
}

/// Writes a proposal.
pub(crate) async fn add(work: &Work, customer: CustomerId, one: Outreach) -> Result<()> {
    let sql = "INSERT INTO invitation_outreach (customer_id, id, invitation_id, reminder, state) \
               VALUES ($1, $2, $3, $4, 'proposed')";
    let values =
        vec![customer.uuid().into(), one.id.uuid().into(), one.invitation.uuid().into(), one.reminder.into()];
    work.execute(sql, values).await?;
    Ok(())
}

/// The proposal, if it was made here.
pub(crate) async fn find(work: &Work, customer: CustomerId, id: OutreachId) -> Result<Option<Outreach>> {
    let sql = "SELECT invitation_id, reminder FROM invitation_outreach WHERE customer_id = $1 AND id = $2";
    let Some(row) = work.query_one(sql, vec![customer.uuid().into(), id.uuid().into()]).await? else {
        return Ok(None);
    };
    let invitation = row.try_get::<Uuid>("", "invitation_id")?.into();
    Ok(Some(Outreach { id, invitation, reminder: row.try_get("", "reminder")? }))
}

/// Keeps that it was granted.
pub(crate) async fn grant(
    work: &Work,
    customer: CustomerId,
    id: OutreachId,
    channel: Channel,
    not_before: DateTime<Utc>,
) -> Result<()> {
    let sql = "UPDATE invitation_outreach SET state = 'granted', channel = $3, not_before = $4 \
               WHERE customer_id = $1 AND id = $2";
    let values = vec![customer.uuid().into(), id.uuid().into(), word(&channel)?.into(), not_before.into()];
    work.execute(sql, values).await?;
    Ok(())
}

/// Keeps that it was held.
pub(crate) async fn hold(work: &Work, customer: CustomerId, id: OutreachId) -> Result<()> {
    let sql = "UPDATE invitation_outreach SET state = 'held' WHERE customer_id = $1 AND id = $2";
    work.execute(sql, vec![customer.uuid().into(), id.uuid().into()]).await?;
    Ok(())
}

/// What was granted last for an invitation.
pub(crate) async fn granted(
    work: &Work,
    customer: CustomerId,
    invitation: InvitationId,
) -> Result<Option<Grant>> {
    let sql = "SELECT id, channel, not_before, sent_at FROM invitation_outreach WHERE customer_id = $1 \
               AND invitation_id = $2 AND state = 'granted' ORDER BY reminder DESC LIMIT 1";
    let Some(row) = work.query_one(sql, vec![customer.uuid().into(), invitation.uuid().into()]).await? else {
        return Ok(None);
    };
    Ok(Some(Grant {
        id: row.try_get::<Uuid>("", "id")?.into(),
        channel: from_word(row.try_get("", "channel")?)?,
        not_before: row.try_get("", "not_before")?,
        sent_at: row.try_get("", "sent_at")?,
    }))
}

/// Keeps that the grant was used.
pub(crate) async fn sent(work: &Work, customer: CustomerId, id: OutreachId) -> Result<()> {
    let sql = "UPDATE invitation_outreach SET sent_at = $3 WHERE customer_id = $1 AND id = $2";
    work.execute(sql, vec![customer.uuid().into(), id.uuid().into(), work.now().into()]).await?;
    Ok(())
}
