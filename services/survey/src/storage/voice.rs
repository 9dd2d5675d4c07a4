//! What customers think, read in batches with two statements however many they are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{Db, Result, db::statement};
use schema::{
    api::{
        section::SectionOf,
        survey::{Answer, Instrument, Voice},
    },
    ids::CustomerId,
};
use sea_orm::{ConnectionTrait as _, DbErr, QueryResult, Value};
use uuid::Uuid;

use super::answer;

/// The most answers that a voice is shown with.
const ANSWERS_SHOWN: u32 = 3;

/// The voices of those of `ids` that are known here.
///
/// Revisions are read before answers: what is newer than its revision is read again, never overlooked.
pub(crate) async fn sections(
    db: &Db,
    ids: &[CustomerId],
    as_of: DateTime<Utc>,
) -> Result<Vec<SectionOf<Voice>>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<Value> = ids.iter().map(|id| id.uuid().into()).collect();
    let placeholders: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT c.customer_id, COALESCE(r.revision, 0) AS revision, \
         (SELECT count(*) FROM answer a WHERE a.customer_id = c.customer_id) AS answer_count \
         FROM customer_ref c LEFT JOIN revision r ON r.subject_id = c.customer_id \
         WHERE c.customer_id IN ({})",
        placeholders.join(", ")
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let revision = |row: &QueryResult| -> Result<(CustomerId, i64), DbErr> {
        Ok((row.try_get::<Uuid>("", "customer_id")?.into(), row.try_get("", "revision")?))
    };
    let revisions: BTreeMap<CustomerId, i64> = rows.iter().map(revision).collect::<Result<_, _>>()?;
    let mut answers = answer::latest(db, &revisions, ANSWERS_SHOWN).await?;
    rows.iter()
        .map(|row| {
            let customer_id = CustomerId::from(row.try_get::<Uuid>("", "customer_id")?);
            let latest = answers.remove(&customer_id).unwrap_or_default();
            Ok(SectionOf {
                customer_id,
                revision: row.try_get("", "revision")?,
                as_of,
                section: voice(row.try_get("", "answer_count")?, latest),
            })
        })
        .collect()
}

/// `latest` are the latest answers, newest first, and so hold the latest one of the only instrument.
fn voice(count: i64, latest: Vec<Answer>) -> Voice {
    let nps = latest.iter().find(|answer| match answer.instrument {
        Instrument::Nps => true,
    });
    Voice {
        answer_count: i32::try_from(count).unwrap_or(i32::MAX),
        nps_score: nps.and_then(|answer| answer.score),
        nps_category: nps.and_then(|answer| answer.category),
        last_answer_at: latest.first().map(|answer| answer.occurred_at),
        answers: latest,
    }
}
