//! Staff as others own them.

use kit::{
    Db, Result, Work,
    db::{statement, word},
};
use schema::{api::customer::StaffStatus, ids::StaffId};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

/// Whether the person is known here.
pub(crate) async fn is_known(work: &Work, person: StaffId) -> Result<bool> {
    let values = vec![person.uuid().into()];
    Ok(work.query_one("SELECT 1 FROM staff WHERE id = $1", values).await?.is_some())
}

/// Whether the person is known here and works for us.
pub(crate) async fn is_active(work: &Work, person: StaffId) -> Result<bool> {
    let values = vec![person.uuid().into(), word(&StaffStatus::Active)?.into()];
    Ok(work.query_one("SELECT 1 FROM staff WHERE id = $1 AND status = $2", values).await?.is_some())
}

/// Whoever a token names by this code, within a command.
pub(crate) async fn named(work: &Work, code: Option<&str>) -> Result<Option<StaffId>> {
    by_code(work.tx(), code).await
}

/// Whoever a token names by this code.
pub(crate) async fn named_in(db: &Db, code: Option<&str>) -> Result<Option<StaffId>> {
    by_code(db.read(), code).await
}

async fn by_code(connection: &impl ConnectionTrait, code: Option<&str>) -> Result<Option<StaffId>> {
    let Some(code) = code else { return Ok(None) };
    let values: Vec<Value> = vec![code.into(), word(&StaffStatus::Active)?.into()];
    let sql = "SELECT id FROM staff WHERE code = $1 AND status = $2";
    let row = connection.query_one_raw(statement(connection, sql, values)).await?;
    Ok(row.map(|row| row.try_get_by_index::<Uuid>(0)).transpose()?.map(StaffId::from))
}
