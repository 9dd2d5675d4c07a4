//! Answers to questionnaires, stored by item: written once, never changed.

use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
};
use schema::{
    access::Scope,
    api::{
        page::{self, Page},
        survey::{ANSWERS_PER_PAGE, AnswersQuery, ItemAnswer, QuestionnaireAnswer},
    },
    ids::{CaseId, CustomerId, InvitationId, OrgUnitId, PurchaseId, WaveId},
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

use crate::domain::gap;

/// Writes an answer, which may be one to a wave, and its items.
pub(crate) async fn add(work: &Work, answer: &QuestionnaireAnswer, wave: Option<WaveId>) -> Result<()> {
    let values = vec![
        answer.customer_id.uuid().into(),
        answer.id.uuid().into(),
        answer.questionnaire.as_str().into(),
        answer.version.into(),
        answer.asked.into(),
        answer.answered.into(),
        answer.verbatim.clone().into(),
        answer.org_unit_id.map(OrgUnitId::uuid).into(),
        answer.purchase_id.map(PurchaseId::uuid).into(),
        answer.phase.as_ref().map(word).transpose()?.into(),
        word(&answer.channel)?.into(),
        answer.occurred_at.into(),
        work.now().into(),
        answer.case_id.map(CaseId::uuid).into(),
        answer.invitation_id.map(InvitationId::uuid).into(),
        wave.map(WaveId::uuid).into(),
    ];
    let sql = "INSERT INTO questionnaire_answer (customer_id, id, code, version, asked, answered, verbatim, \
               org_unit_id, purchase_id, phase, channel, occurred_at, recorded_at, case_id, invitation_id, wave_id) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    work.execute(sql, values).await?;
    let mut values: Vec<Value> = vec![answer.customer_id.uuid().into(), answer.id.uuid().into()];
    let mut rows = Vec::new();
    for one in &answer.items {
        values.extend([one.item.as_str().into(), one.perception.into(), one.expectation.into()]);
        let last = values.len();
        rows.push(format!("($1, $2, ${}, ${}, ${last})", last - 2, last - 1));
    }
    let sql = format!(
        "INSERT INTO questionnaire_answer_item (customer_id, answer_id, item, perception, expectation) VALUES {}",
        rows.join(", ")
    );
    work.execute(&sql, values).await?;
    Ok(())
}

/// A page of a customer's answers, newest first; empty when the customer is not in scope.
pub(crate) async fn page(
    db: &Db,
    customer: CustomerId,
    scope: &Scope,
    wanted: &AnswersQuery,
) -> Result<Page<QuestionnaireAnswer>> {
    let limit = page::limit(wanted.limit, ANSWERS_PER_PAGE)?;
    let query = format!("questionnaire-answers?customer={customer}");
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let mut sql = format!(
        "SELECT a.* FROM questionnaire_answer a WHERE a.customer_id = $1 AND {}",
        reference::scope::of_customer(scope, "a.customer_id", &mut values)
    );
    if let Some(after) = &wanted.after {
        let (occurred_at, id) = page::place_of(&query, after)?;
        values.push(occurred_at.into());
        values.push(id.into());
        sql.push_str(&format!(" AND (a.occurred_at, a.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(i64::from(limit + 1).into());
    let sql = format!(
        "WITH a AS ({sql} ORDER BY a.occurred_at DESC, a.id DESC LIMIT ${}) \
         SELECT a.*, g.item, g.perception, g.expectation, COALESCE(r.revision, 0) AS revision FROM a \
         JOIN questionnaire_answer_item g ON g.customer_id = a.customer_id AND g.answer_id = a.id \
         JOIN questionnaire_item i ON i.code = a.code AND i.version = a.version AND i.item = g.item \
         LEFT JOIN revision r ON r.subject_id = a.customer_id \
         ORDER BY a.occurred_at DESC, a.id DESC, i.position",
        values.len()
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    Ok(Page::of(assemble(&rows)?, limit, &query, |answer| (answer.occurred_at, answer.id)))
}

/// Puts rows of items together again; those of one answer stand together.
fn assemble(rows: &[QueryResult]) -> Result<Vec<QuestionnaireAnswer>> {
    let mut all: Vec<QuestionnaireAnswer> = Vec::new();
    for row in rows {
        let id = row.try_get::<Uuid>("", "id")?.into();
        let (perception, expectation) = (row.try_get("", "perception")?, row.try_get("", "expectation")?);
        let item = gap::answer(row.try_get("", "item")?, perception, expectation);
        match all.last_mut() {
            Some(last) if last.id == id => last.items.push(item),
            _ => all.push(answer(row, item)?),
        }
    }
    Ok(all)
}

fn answer(row: &QueryResult, first: ItemAnswer) -> Result<QuestionnaireAnswer> {
    let (asked, answered): (i32, i32) = (row.try_get("", "asked")?, row.try_get("", "answered")?);
    Ok(QuestionnaireAnswer {
        id: row.try_get::<Uuid>("", "id")?.into(),
        customer_id: row.try_get::<Uuid>("", "customer_id")?.into(),
        questionnaire: row.try_get("", "code")?,
        version: row.try_get("", "version")?,
        items: vec![first],
        asked,
        answered,
        partial: answered < asked,
        verbatim: row.try_get("", "verbatim")?,
        org_unit_id: row.try_get::<Option<Uuid>>("", "org_unit_id")?.map(OrgUnitId::from),
        purchase_id: row.try_get::<Option<Uuid>>("", "purchase_id")?.map(PurchaseId::from),
        phase: row.try_get::<Option<String>>("", "phase")?.map(from_word).transpose()?,
        case_id: row.try_get::<Option<Uuid>>("", "case_id")?.map(CaseId::from),
        invitation_id: row.try_get::<Option<Uuid>>("", "invitation_id")?.map(InvitationId::from),
        channel: from_word(row.try_get("", "channel")?)?,
        occurred_at: row.try_get("", "occurred_at")?,
        revision: row.try_get("", "revision")?,
    })
}
