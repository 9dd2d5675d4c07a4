//! What became of unhappy customers: counted for a unit, and the latest one of each of several customers.

use std::collections::BTreeMap;

use kit::{
    Db, Error, Result,
    db::{from_word, statement},
    rows::among,
};
use schema::{
    api::survey::Recovery,
    ids::{CaseId, CustomerId},
};
use sea_orm::{ConnectionTrait as _, QueryResult};
use uuid::Uuid;

use super::selection::Selection;

/// How many were asked again, answered and recovered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) asked: i64,
    pub(crate) answered: i64,
    pub(crate) recovered: i64,
}

/// The counts; none when there is no such unit for the viewer.
pub(crate) async fn counts(db: &Db, selection: &Selection) -> Result<Option<Counts>> {
    let mut values = Vec::new();
    let unit = selection.unit(&mut values);
    let answers = selection.answers("a.phase", &mut values)?;
    let sql = format!(
        "WITH asked AS ({unit}), counted AS (SELECT a.customer_id, a.answer_id FROM (\
         SELECT i.customer_id, i.answer_id, i.org_unit_id, i.phase, i.wave_id, i.sent_at AS occurred_at \
         FROM invitation i WHERE i.first_answer_id IS NOT NULL AND i.sent_at IS NOT NULL) a{answers}) \
         SELECT (SELECT count(*) FROM counted) AS n_asked, \
         (SELECT count(*) FROM counted WHERE answer_id IS NOT NULL) AS n_answered, \
         (SELECT count(*) FROM counted k JOIN answer s ON s.customer_id = k.customer_id AND s.id = k.answer_id \
         WHERE NOT s.low) AS n_recovered FROM asked"
    );
    let row = db.read().query_one_raw(statement(db.read(), &sql, values)).await?;
    let read = |row: QueryResult| -> Result<Counts> {
        Ok(Counts {
            asked: row.try_get("", "n_asked")?,
            answered: row.try_get("", "n_answered")?,
            recovered: row.try_get("", "n_recovered")?,
        })
    };
    row.map(read).transpose()
}

/// The latest one of each of these customers.
pub(super) async fn latest(db: &Db, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, Recovery>> {
    if customers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut values = Vec::new();
    let listed = among(db.backend(), "i.customer_id", customers.iter().map(|id| id.uuid()), &mut values);
    let sql = format!(
        "SELECT i.customer_id, i.case_id, i.first_answer_id, i.answer_id, f.instrument, f.score AS score_before, \
         s.score AS score_after, s.low, s.occurred_at FROM invitation i \
         JOIN answer f ON f.customer_id = i.customer_id AND f.id = i.first_answer_id \
         JOIN answer s ON s.customer_id = i.customer_id AND s.id = i.answer_id \
         WHERE {listed} AND i.first_answer_id IS NOT NULL AND NOT EXISTS (\
         SELECT 1 FROM invitation l WHERE l.customer_id = i.customer_id AND l.first_answer_id IS NOT NULL \
         AND l.answer_id IS NOT NULL AND (l.settled_at, l.id) > (i.settled_at, i.id))"
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get::<Uuid>("", "customer_id")?.into(), recovery(row)?))).collect()
}

fn recovery(row: &QueryResult) -> Result<Recovery> {
    let case: Option<Uuid> = row.try_get("", "case_id")?;
    let case = case.ok_or_else(|| Error::Fault("a low score was asked about again without a case".into()))?;
    Ok(Recovery {
        case_id: CaseId::from(case),
        instrument: from_word(row.try_get("", "instrument")?)?,
        first_answer_id: row.try_get::<Uuid>("", "first_answer_id")?.into(),
        second_answer_id: row.try_get::<Uuid>("", "answer_id")?.into(),
        score_before: row.try_get("", "score_before")?,
        score_after: row.try_get("", "score_after")?,
        recovered: row.try_get::<Option<bool>>("", "low")?.map(|low| !low),
        occurred_at: row.try_get("", "occurred_at")?,
    })
}
