//! Waves: what they are, and how far they are.

mod read;

use kit::{
    Result, Work,
    db::{from_word, word},
};
pub(crate) use read::{current, find, open, over, page};
use schema::{
    api::{
        customer::CustomerStatus,
        survey::{Wave, WaveState},
    },
    ids::{CustomerId, WaveId},
};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::rule::{terms, write_terms};

/// How far the invitations of a wave are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reached {
    /// The last customer looked at.
    pub(crate) last: Option<CustomerId>,
    pub(crate) considered: i64,
    pub(crate) sampled: i64,
    pub(crate) cooling_off: i64,
    pub(crate) complete: bool,
}

/// A wave with its progress.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) shown: Wave,
    /// The share of customers that is asked, in millionths; known when it is opened.
    pub(crate) share: Option<i64>,
    pub(crate) reached: Reached,
}

/// Writes a wave.
pub(crate) async fn add(work: &Work, wave: &Wave) -> Result<()> {
    let values: Vec<Value> = vec![
        wave.id.uuid().into(),
        wave.code.as_str().into(),
        word(&wave.state)?.into(),
        wave.rule.as_str().into(),
        wave.terms.instrument.as_ref().map(word).transpose()?.into(),
        write_terms(&wave.terms)?.into(),
        wave.org_unit_id.uuid().into(),
        wave.from.into(),
        wave.until.into(),
        wave.sample_size.into(),
        wave.target_answers.into(),
        wave.created_at.into(),
    ];
    let sql = "INSERT INTO wave (id, code, state, rule, instrument, terms, org_unit_id, from_at, until_at, \
               sample_size, target_answers, created_at, considered, sampled, cooling_off, complete) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, false)";
    work.execute(sql, values).await?;
    Ok(())
}

/// Keeps where a wave stands now, and its share.
pub(crate) async fn keep(work: &Work, one: &Kept) -> Result<()> {
    let wave = &one.shown;
    let values: Vec<Value> = vec![
        wave.id.uuid().into(),
        word(&wave.state)?.into(),
        wave.opened_at.into(),
        wave.closed_at.into(),
        one.share.into(),
    ];
    let sql = "UPDATE wave SET state = $2, opened_at = $3, closed_at = $4, share = $5 WHERE id = $1";
    work.execute(sql, values).await?;
    Ok(())
}

/// Keeps how far the invitations are.
pub(crate) async fn keep_reached(work: &Work, wave: WaveId, reached: Reached) -> Result<()> {
    let values: Vec<Value> = vec![
        wave.uuid().into(),
        reached.last.map(CustomerId::uuid).into(),
        reached.considered.into(),
        reached.sampled.into(),
        reached.cooling_off.into(),
        reached.complete.into(),
    ];
    let sql = "UPDATE wave SET last_customer_id = $2, considered = $3, sampled = $4, cooling_off = $5, \
               complete = $6 WHERE id = $1";
    work.execute(sql, values).await?;
    Ok(())
}

/// The wave, for whoever changes it: others are kept away until the commit.
pub(crate) async fn to_change(work: &Work, wave: WaveId) -> Result<Option<Kept>> {
    work.exclusive(&format!("wave {wave}")).await?;
    let sql = "SELECT w.*, COALESCE(r.revision, 0) AS revision FROM wave w \
               LEFT JOIN revision r ON r.subject_id = w.id WHERE w.id = $1";
    work.query_one(sql, vec![wave.uuid().into()]).await?.map(|row| kept(&row)).transpose()
}

/// How many customers a wave could ask: the active ones of its unit with all below it.
pub(crate) async fn population(work: &Work, wave: &Wave) -> Result<i64> {
    let sql = "SELECT count(*) FROM customer_ref c JOIN org_unit u ON u.id = c.home_unit_id \
               WHERE u.path LIKE (SELECT top.path FROM org_unit top WHERE top.id = $1) || '%' AND c.status = $2";
    let values = vec![wave.org_unit_id.uuid().into(), word(&CustomerStatus::Active)?.into()];
    Ok(work.query_one(sql, values).await?.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// The next customers to look at, in the order of their ids.
pub(crate) async fn next(
    work: &Work,
    wave: &Wave,
    last: Option<CustomerId>,
    most: u32,
) -> Result<Vec<CustomerId>> {
    let mut values: Vec<Value> =
        vec![wave.org_unit_id.uuid().into(), word(&CustomerStatus::Active)?.into(), i64::from(most).into()];
    let mut after = "";
    if let Some(last) = last {
        values.push(last.uuid().into());
        after = " AND c.customer_id > $4";
    }
    let sql = format!(
        "SELECT c.customer_id FROM customer_ref c JOIN org_unit u ON u.id = c.home_unit_id \
         WHERE u.path LIKE (SELECT top.path FROM org_unit top WHERE top.id = $1) || '%' AND c.status = $2{after} \
         ORDER BY c.customer_id LIMIT $3"
    );
    let rows = work.query_all(&sql, values).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
}

fn kept(row: &QueryResult) -> Result<Kept> {
    let number = |column: &str| row.try_get::<i64>("", column);
    let state: WaveState = from_word(row.try_get("", "state")?)?;
    Ok(Kept {
        share: row.try_get("", "share")?,
        reached: Reached {
            last: row.try_get::<Option<Uuid>>("", "last_customer_id")?.map(CustomerId::from),
            considered: number("considered")?,
            sampled: number("sampled")?,
            cooling_off: number("cooling_off")?,
            complete: row.try_get("", "complete")?,
        },
        shown: Wave {
            id: row.try_get::<Uuid>("", "id")?.into(),
            code: row.try_get("", "code")?,
            state,
            rule: row.try_get("", "rule")?,
            terms: terms(row)?,
            org_unit_id: row.try_get::<Uuid>("", "org_unit_id")?.into(),
            from: row.try_get("", "from_at")?,
            until: row.try_get("", "until_at")?,
            sample_size: row.try_get("", "sample_size")?,
            target_answers: row.try_get("", "target_answers")?,
            opened_at: row.try_get("", "opened_at")?,
            closed_at: row.try_get("", "closed_at")?,
            created_at: row.try_get("", "created_at")?,
            revision: number("revision")?,
        },
    })
}
