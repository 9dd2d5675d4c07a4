//! What customers think, read in batches with three statements however many they are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{
    Db, Result,
    db::{statement, word},
    rows::among,
};
use schema::{
    api::{
        section::SectionOf,
        survey::{Answer, Instrument, Recovery, Voice},
    },
    ids::CustomerId,
};
use sea_orm::{ConnectionTrait as _, DbErr, QueryResult};
use uuid::Uuid;

use super::{answer, recovery};
use crate::domain::nps;

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
    let mut values = Vec::new();
    let listed = among(db.backend(), "c.customer_id", ids.iter().map(|id| id.uuid()), &mut values);
    let sql = format!(
        "SELECT c.customer_id, COALESCE(r.revision, 0) AS revision, \
         (SELECT count(*) FROM answer a WHERE a.customer_id = c.customer_id) AS answer_count, \
         (SELECT count(*) FROM invitation i WHERE i.customer_id = c.customer_id AND i.settled_at IS NULL) \
         AS open_invitations, \
         (SELECT max(i.proposed_at) FROM invitation i WHERE i.customer_id = c.customer_id) AS last_invited_at, \
         {} AS nps, {} AS csat, {} AS ces \
         FROM customer_ref c LEFT JOIN revision r ON r.subject_id = c.customer_id \
         WHERE {listed}",
        last_score(Instrument::Nps)?,
        last_score(Instrument::Csat)?,
        last_score(Instrument::Ces)?
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let revision = |row: &QueryResult| -> Result<(CustomerId, i64), DbErr> {
        Ok((row.try_get::<Uuid>("", "customer_id")?.into(), row.try_get("", "revision")?))
    };
    let revisions: BTreeMap<CustomerId, i64> = rows.iter().map(revision).collect::<Result<_, _>>()?;
    let mut answers = answer::latest(db, &revisions, ANSWERS_SHOWN).await?;
    let mut recoveries = recovery::latest(db, ids).await?;
    rows.iter()
        .map(|row| {
            let customer_id = CustomerId::from(row.try_get::<Uuid>("", "customer_id")?);
            let latest = answers.remove(&customer_id).unwrap_or_default();
            Ok(SectionOf {
                customer_id,
                revision: row.try_get("", "revision")?,
                as_of,
                section: voice(row, latest, recoveries.remove(&customer_id))?,
            })
        })
        .collect()
}

/// The latest score of the customer `c` on an instrument: it may be older than the answers shown.
fn last_score(instrument: Instrument) -> Result<String> {
    Ok(format!(
        "(SELECT a.score FROM answer a WHERE a.customer_id = c.customer_id AND a.instrument = '{}' \
         ORDER BY a.occurred_at DESC, a.id DESC LIMIT 1)",
        word(&instrument)?
    ))
}

/// `latest` are the latest answers, newest first.
fn voice(row: &QueryResult, latest: Vec<Answer>, recovery: Option<Recovery>) -> Result<Voice> {
    let nps: Option<i32> = row.try_get("", "nps")?;
    Ok(Voice {
        answer_count: i32::try_from(row.try_get::<i64>("", "answer_count")?).unwrap_or(i32::MAX),
        nps_score: nps,
        nps_category: nps.map(nps::category),
        csat_score: row.try_get("", "csat")?,
        ces_score: row.try_get("", "ces")?,
        last_answer_at: latest.first().map(|answer| answer.occurred_at),
        answers: latest,
        open_invitations: i32::try_from(row.try_get::<i64>("", "open_invitations")?).unwrap_or(i32::MAX),
        last_invited_at: row.try_get("", "last_invited_at")?,
        recovery,
    })
}
