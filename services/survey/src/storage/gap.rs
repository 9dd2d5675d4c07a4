//! Expectation against perception of a questionnaire's items: one statement.

use chrono::{DateTime, Utc};
use kit::{Db, Result, db::statement};
use schema::api::survey::{GapQuery, GapReport, ItemGap};
use sea_orm::{ConnectionTrait as _, DbErr, QueryResult};

use super::selection::Selection;
use crate::domain::{gap, millionths, result};

/// The report; none when there is no such version, or no such unit for the viewer.
pub(crate) async fn report(
    db: &Db,
    selection: &Selection,
    asked: &GapQuery,
    minimum: u32,
    as_of: DateTime<Utc>,
) -> Result<Option<GapReport>> {
    let mut values = vec![asked.questionnaire.as_str().into(), asked.version.into()];
    let unit = selection.unit(&mut values);
    let answers = selection.answers("a.phase", &mut values)?;
    let sql = format!(
        "WITH asked AS ({unit}), counted AS (\
         SELECT a.customer_id, a.id, a.asked, a.answered FROM questionnaire_answer a{answers} \
         AND a.code = $1 AND a.version = $2), \
         given AS (SELECT g.item, g.perception, g.expectation, g.perception - g.expectation AS gap \
         FROM counted k JOIN questionnaire_answer_item g ON g.customer_id = k.customer_id AND g.answer_id = k.id) \
         SELECT i.item, i.with_expectation, i.weight, \
         (SELECT count(*) FROM counted) AS answers, \
         (SELECT count(*) FROM counted WHERE answered < counted.asked) AS partial, \
         count(g.perception) AS n, count(g.expectation) AS pairs, \
         CAST(COALESCE(sum(g.perception), 0) AS bigint) AS perceived, \
         CAST(COALESCE(sum(g.expectation), 0) AS bigint) AS expected, \
         CAST(COALESCE(sum(g.gap), 0) AS bigint) AS gaps, \
         count(CASE WHEN g.gap < 0 THEN 1 END) AS below, count(CASE WHEN g.gap = 0 THEN 1 END) AS met, \
         count(CASE WHEN g.gap > 0 THEN 1 END) AS exceeded \
         FROM asked CROSS JOIN questionnaire_item i LEFT JOIN given g ON g.item = i.item \
         WHERE i.code = $1 AND i.version = $2 \
         GROUP BY i.item, i.position, i.with_expectation, i.weight ORDER BY i.position"
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let items: Result<Vec<(ItemGap, Option<gap::Sum>)>, DbErr> =
        rows.iter().map(|row| item(row, minimum)).collect();
    let (items, sums): (Vec<ItemGap>, Vec<Option<gap::Sum>>) = items?.into_iter().unzip();
    let sums: Vec<gap::Sum> = sums.into_iter().flatten().collect();
    let (unweighted, weighted) = gap::overall(&sums);
    Ok(Some(GapReport {
        questionnaire: asked.questionnaire.clone(),
        version: asked.version,
        n: first.try_get("", "answers")?,
        partial: first.try_get("", "partial")?,
        minimum,
        as_of,
        items,
        unweighted,
        weighted,
    }))
}

/// An item, and the sum of its gaps when it asks for an expectation.
fn item(row: &QueryResult, minimum: u32) -> Result<(ItemGap, Option<gap::Sum>), DbErr> {
    let number = |column: &str| row.try_get::<i64>("", column);
    let (n, pairs, total) = (number("n")?, number("pairs")?, number("gaps")?);
    let weight = row.try_get("", "weight")?;
    let with_expectation: bool = row.try_get("", "with_expectation")?;
    let class = |count: i64| with_expectation.then_some(count);
    let item = ItemGap {
        item: row.try_get("", "item")?,
        n,
        pairs,
        insufficient_sample: result::insufficient(if with_expectation { pairs } else { n }, minimum),
        perception: millionths::ratio(1, number("perceived")?, n),
        expectation: millionths::ratio(1, number("expected")?, pairs),
        gap: millionths::ratio(1, total, pairs),
        below: class(number("below")?),
        met: class(number("met")?),
        exceeded: class(number("exceeded")?),
        weight,
    };
    Ok((item, with_expectation.then_some(gap::Sum { total, pairs, weight })))
}
