//! Invitations: written under the customer's revision, which keeps other writers away.

mod lists;

use chrono::{DateTime, Utc};
use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement, word},
};
pub(super) use lists::keys;
pub(crate) use lists::{counts, page, run_out, to_expire, to_remind, to_send};
use schema::{
    api::{interaction::Channel, survey::Invitation},
    ids::{AnswerId, CaseId, CustomerId, InvitationId, OrgUnitId, PurchaseId, WaveId},
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::domain::{form::Filled, token::Token};

/// An invitation with what is not shown of it.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) shown: Invitation,
    /// The answer with the low score that is asked about again.
    pub(crate) first_answer: Option<AnswerId>,
    pub(crate) low_at_most: Option<i32>,
    pub(crate) language: Option<String>,
    pub(crate) channels: Vec<Channel>,
    /// When what it asks about happened.
    pub(crate) occurred_at: DateTime<Utc>,
    pub(crate) reminder_after_days: Option<i32>,
    pub(crate) reminders_most: i32,
    pub(crate) remind_at: Option<DateTime<Utc>>,
    /// What was filled in and not sent off.
    pub(crate) draft: Filled,
}

/// An invitation `i` with the channel that was granted last.
const WHOLE: &str = "SELECT i.*, COALESCE(r.revision, 0) AS revision, g.channel, g.not_before FROM invitation i \
    LEFT JOIN revision r ON r.subject_id = i.customer_id \
    LEFT JOIN invitation_outreach g ON g.customer_id = i.customer_id AND g.id = \
    (SELECT o.id FROM invitation_outreach o WHERE o.customer_id = i.customer_id AND o.invitation_id = i.id \
    AND o.state = 'granted' ORDER BY o.reminder DESC LIMIT 1)";

/// Writes an invitation.
pub(crate) async fn add(work: &Work, one: &Kept) -> Result<()> {
    let shown = &one.shown;
    let values: Vec<Value> = vec![
        shown.customer_id.uuid().into(),
        shown.id.uuid().into(),
        word(&shown.state)?.into(),
        word(&shown.trigger)?.into(),
        shown.rule.clone().into(),
        shown.instrument.as_ref().map(word).transpose()?.into(),
        shown.questionnaire.clone().into(),
        shown.version.into(),
        shown.owed.into(),
        shown.case_id.map(CaseId::uuid).into(),
        shown.purchase_id.map(PurchaseId::uuid).into(),
        shown.wave_id.map(WaveId::uuid).into(),
        shown.org_unit_id.map(OrgUnitId::uuid).into(),
        shown.phase.as_ref().map(word).transpose()?.into(),
        one.first_answer.map(AnswerId::uuid).into(),
        one.low_at_most.into(),
        one.language.clone().into(),
        to_json(&one.channels)?.into(),
        one.occurred_at.into(),
        shown.proposed_at.into(),
        shown.expires_at.into(),
        one.reminder_after_days.into(),
        one.reminders_most.into(),
        shown.reminders.into(),
    ];
    let placeholders: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "INSERT INTO invitation (customer_id, id, state, cause, rule, instrument, questionnaire, version, owed, \
         case_id, purchase_id, wave_id, org_unit_id, phase, first_answer_id, low_at_most, language, channels, \
         occurred_at, proposed_at, expires_at, reminder_after_days, reminders_most, reminders) VALUES ({})",
        placeholders.join(", ")
    );
    work.execute(&sql, values).await?;
    Ok(())
}

/// Keeps what became of an invitation. One that came to its end loses token, draft and reminder.
pub(crate) async fn keep(work: &Work, one: &Kept) -> Result<()> {
    let shown = &one.shown;
    let ended = shown.settled_at.is_some();
    let draft = if ended || one.draft.is_empty() { None } else { Some(to_json(&one.draft)?) };
    let values: Vec<Value> = vec![
        shown.customer_id.uuid().into(),
        shown.id.uuid().into(),
        word(&shown.state)?.into(),
        shown.held_because.as_ref().map(word).transpose()?.into(),
        shown.sent_at.into(),
        shown.reminders.into(),
        one.remind_at.filter(|_| !ended).into(),
        draft.into(),
        shown.answer_id.map(AnswerId::uuid).into(),
        shown.settled_at.into(),
    ];
    let sql = "UPDATE invitation SET state = $3, held_because = $4, sent_at = $5, reminders = $6, remind_at = $7, \
               draft = $8, answer_id = $9, settled_at = $10 WHERE customer_id = $1 AND id = $2";
    work.execute(sql, values).await?;
    if ended {
        let sql = "UPDATE invitation SET token_hash = NULL WHERE customer_id = $1 AND id = $2";
        work.execute(sql, vec![shown.customer_id.uuid().into(), shown.id.uuid().into()]).await?;
    }
    Ok(())
}

/// Keeps the hash of the token with which it can be answered from now on; the one before ends.
pub(crate) async fn keep_token(work: &Work, id: InvitationId, token: Token) -> Result<()> {
    let sql = "UPDATE invitation SET token_hash = $3 WHERE customer_id = $1 AND id = $2";
    work.execute(sql, vec![token.customer.uuid().into(), id.uuid().into(), token.hash().into()]).await?;
    Ok(())
}

/// The invitation.
pub(crate) async fn find(work: &Work, customer: CustomerId, id: InvitationId) -> Result<Option<Kept>> {
    let sql = format!("{WHOLE} WHERE i.customer_id = $1 AND i.id = $2");
    let row = work.query_one(&sql, vec![customer.uuid().into(), id.uuid().into()]).await?;
    row.map(|row| kept(&row)).transpose()
}

/// The statement of the invitation that can be answered with a token at this time. Every other token, whether
/// unknown, used or out of date, takes the same statement and finds nothing.
fn by_token(token: Token, now: DateTime<Utc>) -> (String, Vec<Value>) {
    let condition = "i.customer_id = $1 AND i.token_hash = $2 AND i.state IN ('sent', 'started') \
                     AND i.expires_at > $3";
    let values = vec![token.customer.uuid().into(), token.hash().into(), now.into()];
    (format!("{WHOLE} WHERE {condition}"), values)
}

/// The invitation that can be answered with this token, to show it.
pub(crate) async fn shown_by(db: &Db, token: Token, now: DateTime<Utc>) -> Result<Option<Kept>> {
    let (sql, values) = by_token(token, now);
    let row = db.read().query_one_raw(statement(db.read(), &sql, values)).await?;
    row.map(|row| kept(&row)).transpose()
}

/// The invitation that can be answered with this token, to answer it.
pub(crate) async fn answerable_by(work: &Work, token: Token) -> Result<Option<Kept>> {
    let (sql, values) = by_token(token, work.now());
    work.query_one(&sql, values).await?.map(|row| kept(&row)).transpose()
}

/// Whether the customer was invited since then. One that was held was never asked anything.
pub(crate) async fn is_invited_since(
    work: &Work,
    customer: CustomerId,
    since: DateTime<Utc>,
) -> Result<bool> {
    let sql =
        "SELECT 1 FROM invitation WHERE customer_id = $1 AND proposed_at > $2 AND state <> 'held' LIMIT 1";
    Ok(work.query_one(sql, vec![customer.uuid().into(), since.into()]).await?.is_some())
}

/// Whether the customer is being asked about this low score again.
pub(crate) async fn is_asked_again(work: &Work, customer: CustomerId, first: AnswerId) -> Result<bool> {
    let sql = "SELECT 1 FROM invitation WHERE customer_id = $1 AND first_answer_id = $2 \
               AND settled_at IS NULL LIMIT 1";
    Ok(work.query_one(sql, vec![customer.uuid().into(), first.uuid().into()]).await?.is_some())
}

fn kept(row: &QueryResult) -> Result<Kept> {
    let id = |column: &str| row.try_get::<Option<Uuid>>("", column);
    let draft: Option<String> = row.try_get("", "draft")?;
    Ok(Kept {
        first_answer: id("first_answer_id")?.map(AnswerId::from),
        low_at_most: row.try_get("", "low_at_most")?,
        language: row.try_get("", "language")?,
        channels: from_json(&row.try_get::<String>("", "channels")?)?,
        occurred_at: row.try_get("", "occurred_at")?,
        reminder_after_days: row.try_get("", "reminder_after_days")?,
        reminders_most: row.try_get("", "reminders_most")?,
        remind_at: row.try_get("", "remind_at")?,
        draft: draft.map(|text| from_json(&text)).transpose()?.unwrap_or_default(),
        shown: shown(row)?,
    })
}

fn shown(row: &QueryResult) -> Result<Invitation> {
    let id = |column: &str| row.try_get::<Option<Uuid>>("", column);
    let text = |column: &str| row.try_get::<Option<String>>("", column);
    Ok(Invitation {
        id: row.try_get::<Uuid>("", "id")?.into(),
        customer_id: row.try_get::<Uuid>("", "customer_id")?.into(),
        state: from_word(row.try_get("", "state")?)?,
        trigger: from_word(row.try_get("", "cause")?)?,
        rule: text("rule")?,
        instrument: text("instrument")?.map(from_word).transpose()?,
        questionnaire: text("questionnaire")?,
        version: row.try_get("", "version")?,
        owed: row.try_get("", "owed")?,
        case_id: id("case_id")?.map(CaseId::from),
        purchase_id: id("purchase_id")?.map(PurchaseId::from),
        wave_id: id("wave_id")?.map(WaveId::from),
        org_unit_id: id("org_unit_id")?.map(OrgUnitId::from),
        phase: text("phase")?.map(from_word).transpose()?,
        channel: text("channel")?.map(from_word).transpose()?,
        not_before: row.try_get("", "not_before")?,
        held_because: text("held_because")?.map(from_word).transpose()?,
        proposed_at: row.try_get("", "proposed_at")?,
        expires_at: row.try_get("", "expires_at")?,
        sent_at: row.try_get("", "sent_at")?,
        reminders: row.try_get("", "reminders")?,
        answer_id: id("answer_id")?.map(AnswerId::from),
        settled_at: row.try_get("", "settled_at")?,
        revision: row.try_get("", "revision")?,
    })
}

fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::malformed("a value to keep", error))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::malformed("a value in a row", error))
}
