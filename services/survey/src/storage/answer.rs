//! Answers: written once, never changed.

use std::collections::BTreeMap;

use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement, word},
    rows::Rows,
};
use reference::newest::{self, Range};
use schema::{
    access::Scope,
    api::{
        page::{self, Page},
        survey::{Answer, AnswersQuery},
    },
    ids::{AnswerId, CaseId, CustomerId, InvitationId, OrgUnitId, PurchaseId, WaveId},
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, FromQueryResult as _, Value};

use super::entity::answer;
use crate::domain::instrument::Score;

/// Writes an answer, which may be one to a wave.
pub(crate) async fn add(work: &Work, answer: &Answer, wave: Option<WaveId>) -> Result<()> {
    add_each(work, [(answer, wave)]).await
}

/// Writes answers, each of which may be one to a wave.
pub(crate) async fn add_each<'a>(
    work: &Work,
    answers: impl IntoIterator<Item = (&'a Answer, Option<WaveId>)>,
) -> Result<()> {
    let mut rows = Rows::into(
        "answer",
        [
            "customer_id",
            "id",
            "instrument",
            "score",
            "verbatim",
            "org_unit_id",
            "purchase_id",
            "phase",
            "low",
            "case_id",
            "invitation_id",
            "wave_id",
            "channel",
            "occurred_at",
            "recorded_at",
        ],
    );
    for (answer, wave) in answers {
        let score = answer.score.ok_or_else(|| Error::Fault("an answer without a score".into()))?;
        rows.push([
            answer.customer_id.uuid().into(),
            answer.id.uuid().into(),
            word(&answer.instrument)?.into(),
            score.into(),
            answer.verbatim.clone().into(),
            answer.org_unit_id.map(OrgUnitId::uuid).into(),
            answer.purchase_id.map(PurchaseId::uuid).into(),
            answer.phase.as_ref().map(word).transpose()?.into(),
            answer.low.into(),
            answer.case_id.map(CaseId::uuid).into(),
            answer.invitation_id.map(InvitationId::uuid).into(),
            wave.map(WaveId::uuid).into(),
            word(&answer.channel)?.into(),
            answer.occurred_at.into(),
            work.now().into(),
        ]);
    }
    work.insert(rows, "").await
}

/// The answer, if it was recorded here.
pub(crate) async fn find(work: &Work, customer: CustomerId, id: AnswerId) -> Result<Option<Answer>> {
    let row = answer::Entity::find_by_id((customer.into(), id.into())).one(work.tx()).await?;
    row.map(|row| answer_of(row, 0)).transpose()
}

/// A page of a customer's answers, newest first; empty when the customer is not in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    scope: &Scope,
    wanted: &AnswersQuery,
) -> Result<Page<Answer>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = format!("answers?customer={customer}");
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let mut sql = format!(
        "SELECT a.*, COALESCE(r.revision, 0) AS revision \
         FROM answer a LEFT JOIN revision r ON r.subject_id = a.customer_id WHERE a.customer_id = $1 AND {}",
        reference::scope::of_customer(scope, "a.customer_id", &mut values)
    );
    if let Some(after) = &wanted.after {
        let (occurred_at, id) = page::place_of(&query, after)?;
        values.push(occurred_at.into());
        values.push(id.into());
        sql.push_str(&format!(" AND (a.occurred_at, a.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY a.occurred_at DESC, a.id DESC LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let answers: Result<Vec<Answer>> = rows
        .iter()
        .map(|row| answer_of(answer::Model::from_query_result(row, "")?, row.try_get("", "revision")?))
        .collect();
    Ok(Page::of(answers?, limit, &query, |answer| (answer.occurred_at, answer.id)))
}

/// The latest answers of each of these customers with their revisions, at most `most` of each, newest first.
pub(super) async fn latest(
    db: &Db,
    customers: &BTreeMap<CustomerId, i64>,
    most: u32,
) -> Result<BTreeMap<CustomerId, Vec<Answer>>> {
    let ranges: Vec<Range> = customers.keys().map(|customer| (*customer, newest::START)).collect();
    let read = |row: answer::Model| {
        let customer = CustomerId::from(row.customer_id);
        let revision = customers.get(&customer).copied().unwrap_or_default();
        Ok((customer, (row.occurred_at, row.id), answer_of(row, revision)?))
    };
    newest::read(db.read(), "answer", &ranges, most, read).await
}

fn answer_of(row: answer::Model, revision: i64) -> Result<Answer> {
    let instrument = from_word(row.instrument)?;
    let score = Score::of(instrument, row.score);
    let score = score.map_err(|rule| Error::malformed("a score in a row", rule))?;
    Ok(Answer {
        id: row.id.into(),
        customer_id: row.customer_id.into(),
        instrument,
        score: Some(score.value()),
        category: score.category(),
        verbatim: row.verbatim,
        org_unit_id: row.org_unit_id.map(OrgUnitId::from),
        purchase_id: row.purchase_id.map(PurchaseId::from),
        case_id: row.case_id.map(CaseId::from),
        invitation_id: row.invitation_id.map(InvitationId::from),
        phase: row.phase.map(from_word).transpose()?,
        low: row.low,
        channel: from_word(row.channel)?,
        occurred_at: row.occurred_at,
        revision,
    })
}
