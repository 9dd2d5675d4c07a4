//! Answers: written once, never changed.

use std::collections::BTreeMap;

use kit::{
    Db, Error, Result, Work,
    db::{from_word, statement, word},
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
use sea_orm::{ActiveValue::Set, ConnectionTrait as _, EntityTrait as _, FromQueryResult as _, Value};

use super::entity::answer;
use crate::domain::instrument::Score;

/// Writes an answer, which may be one to a wave.
pub(crate) async fn add(work: &Work, answer: &Answer, score: Score, wave: Option<WaveId>) -> Result<()> {
    let row = answer::ActiveModel {
        customer_id: Set(answer.customer_id.into()),
        id: Set(answer.id.into()),
        instrument: Set(word(&answer.instrument)?),
        score: Set(score.value()),
        verbatim: Set(answer.verbatim.clone()),
        org_unit_id: Set(answer.org_unit_id.map(OrgUnitId::uuid)),
        purchase_id: Set(answer.purchase_id.map(PurchaseId::uuid)),
        phase: Set(answer.phase.as_ref().map(word).transpose()?),
        low: Set(answer.low),
        case_id: Set(answer.case_id.map(CaseId::uuid)),
        invitation_id: Set(answer.invitation_id.map(InvitationId::uuid)),
        wave_id: Set(wave.map(WaveId::uuid)),
        channel: Set(word(&answer.channel)?),
        occurred_at: Set(answer.occurred_at),
        recorded_at: Set(work.now()),
    };
    answer::Entity::insert(row).exec_without_returning(work.tx()).await?;
    Ok(())
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
