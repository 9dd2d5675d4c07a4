//! The matrix of who may give how much.

use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
};
use schema::{
    api::{
        customer::OrgUnitKind,
        interaction::{AuthorityLine, AuthorityMatrix},
    },
    value::Minor,
};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

/// Whose revision the matrix has.
pub(crate) const MATRIX: Uuid = Uuid::from_u128(0x6175_7468_6f72_6974_795f_6d61_7472_6978);

/// The lines within a work.
pub(crate) async fn lines(work: &Work) -> Result<Vec<AuthorityLine>> {
    load(work.tx()).await
}

/// The matrix.
pub(crate) async fn get(db: &Db) -> Result<AuthorityMatrix> {
    let sql = "SELECT revision FROM revision WHERE subject_id = $1";
    let row = db.read().query_one_raw(statement(db.read(), sql, vec![MATRIX.into()])).await?;
    let revision = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(AuthorityMatrix { lines: load(db.read()).await?, revision })
}

/// Replaces the lines.
pub(crate) async fn put(work: &Work, lines: &[AuthorityLine]) -> Result<()> {
    work.execute("DELETE FROM authority_line", vec![]).await?;
    for (ordinal, line) in (1_i32..).zip(lines) {
        work.execute(
            "INSERT INTO authority_line (ordinal, role, unit_kind, currency, limit_minor, monthly_minor) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            vec![
                ordinal.into(),
                word(&line.role)?.into(),
                line.unit_kind.as_ref().map(word).transpose()?.into(),
                line.currency.as_str().into(),
                line.limit_minor.map(Minor::get).into(),
                line.monthly_minor.map(Minor::get).into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// What kind of unit has this code.
pub(crate) async fn kind_of_unit(work: &Work, code: Option<&str>) -> Result<Option<OrgUnitKind>> {
    let Some(code) = code else { return Ok(None) };
    let row = work.query_one("SELECT kind FROM org_unit WHERE code = $1", vec![code.into()]).await?;
    row.map(|row| from_word(row.try_get_by_index(0)?)).transpose()
}

async fn load(connection: &impl ConnectionTrait) -> Result<Vec<AuthorityLine>> {
    let sql =
        "SELECT role, unit_kind, currency, limit_minor, monthly_minor FROM authority_line ORDER BY ordinal";
    let rows = connection.query_all_raw(statement(connection, sql, vec![])).await?;
    rows.iter().map(line).collect()
}

fn line(row: &QueryResult) -> Result<AuthorityLine> {
    let unit_kind: Option<String> = row.try_get("", "unit_kind")?;
    Ok(AuthorityLine {
        role: from_word(row.try_get("", "role")?)?,
        unit_kind: unit_kind.map(from_word).transpose()?,
        currency: super::currency(row.try_get("", "currency")?)?,
        limit_minor: row.try_get::<Option<i64>>("", "limit_minor")?.map(Minor::new),
        monthly_minor: row.try_get::<Option<i64>>("", "monthly_minor")?.map(Minor::new),
    })
}
