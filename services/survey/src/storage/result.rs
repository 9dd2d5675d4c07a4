//! How often each score was given: one statement for a question.

use chrono::{DateTime, Utc};
use kit::{
    Db, Result,
    db::{statement, word},
};
use schema::api::survey::{Instrument, ScoreCount};
use sea_orm::{ConnectionTrait as _, DbBackend, Value};

use super::selection::Selection;

/// A single answer that does not say what it is about is about the sale when it names a purchase.
const PHASE: &str = "COALESCE(a.phase, CASE WHEN a.purchase_id IS NOT NULL THEN 'sales' END)";

/// The scores given, from the lowest up, and when the latest was; none when there is no such unit for the
/// viewer. `latest_days` leaves only the days that end with the latest answer.
pub(crate) async fn scores(
    db: &Db,
    selection: &Selection,
    instrument: Instrument,
    latest_days: Option<u32>,
) -> Result<Option<(Vec<ScoreCount>, Option<DateTime<Utc>>)>> {
    let mut values = Vec::new();
    let with = counted(selection, instrument, &mut values)?;
    let mut condition = String::new();
    if let Some(days) = latest_days {
        values.push(i64::from(days).into());
        condition = format!(" WHERE occurred_at >= {}", since(db.backend(), values.len()));
    }
    let rows = read(db, &with, "1", &condition, values).await?;
    let Some(rows) = rows else { return Ok(None) };
    let latest = rows.iter().map(|row| row.latest).max();
    Ok(Some((rows.into_iter().map(|row| row.count).collect(), latest)))
}

/// The NPS scores given before `base_to`, and those given from `from` on; none as above.
pub(crate) async fn two_periods(
    db: &Db,
    selection: &Selection,
    base_to: DateTime<Utc>,
    from: DateTime<Utc>,
) -> Result<Option<[Vec<ScoreCount>; 2]>> {
    let mut values = Vec::new();
    let with = counted(selection, Instrument::Nps, &mut values)?;
    values.extend([base_to.into(), from.into()]);
    let (earlier, later) = (values.len() - 1, values.len());
    let side = format!("CASE WHEN occurred_at >= ${later} THEN 1 ELSE 0 END");
    let condition = format!(" WHERE occurred_at < ${earlier} OR occurred_at >= ${later}");
    let rows = read(db, &with, &side, &condition, values).await?;
    Ok(rows.map(|rows| {
        let of = |side| rows.iter().filter(|row| row.side == side).map(|row| row.count).collect();
        [of(0), of(1)]
    }))
}

/// The answers that count, as `counted`, and the unit asked for, as `asked`.
fn counted(selection: &Selection, instrument: Instrument, values: &mut Vec<Value>) -> Result<String> {
    let unit = selection.unit(values);
    let answers = selection.answers(PHASE, values)?;
    values.push(word(&instrument)?.into());
    Ok(format!(
        "WITH asked AS ({unit}), counted AS (SELECT a.score, a.occurred_at FROM answer a{answers} \
         AND a.instrument = ${})",
        values.len()
    ))
}

/// The start of the days that end with the latest answer, to the second. The databases have no common
/// word for it.
fn since(backend: DbBackend, days: usize) -> String {
    match backend {
        DbBackend::Postgres => {
            format!("(SELECT max(occurred_at) - ${days} * interval '24 hours' FROM counted)")
        }
        _ => format!(
            "(SELECT strftime('%Y-%m-%dT%H:%M:%S', max(occurred_at), '-' || ${days} || ' days') FROM counted)"
        ),
    }
}

/// How often a score was given on one side.
struct Row {
    side: i32,
    count: ScoreCount,
    latest: DateTime<Utc>,
}

async fn read(
    db: &Db,
    with: &str,
    side: &str,
    condition: &str,
    values: Vec<Value>,
) -> Result<Option<Vec<Row>>> {
    let sql = format!(
        "{with} SELECT s.side, s.score, s.n, s.latest FROM asked LEFT JOIN (\
         SELECT {side} AS side, score, count(*) AS n, max(occurred_at) AS latest FROM counted{condition} \
         GROUP BY 1, 2) s ON 1 = 1 ORDER BY s.side, s.score"
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut read = Vec::new();
    for row in &rows {
        // Without answers there is one row, which only says that there is such a unit.
        if let Some(score) = row.try_get("", "score")? {
            let count = ScoreCount { score, count: row.try_get("", "n")? };
            read.push(Row { side: row.try_get("", "side")?, count, latest: row.try_get("", "latest")? });
        }
    }
    Ok(Some(read))
}
