//! The people who work for us.

use futures::future::BoxFuture;
use kit::{
    Db, Result, Work,
    db::{statement, word},
};
use schema::{api::customer::StaffStatus, event::customer::StaffState};
use sea_orm::ConnectionTrait as _;

/// Keeps the state if it is newer than what is held.
///
/// # Errors
/// When the database refuses it.
pub async fn keep(work: &Work, state: &StaffState, revision: i64) -> Result<()> {
    work.execute(
        "INSERT INTO staff (id, code, org_unit_id, status, revision) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO UPDATE SET code = excluded.code, org_unit_id = excluded.org_unit_id, \
         status = excluded.status, revision = excluded.revision WHERE staff.revision < excluded.revision",
        vec![
            state.staff_id.uuid().into(),
            state.code.as_str().into(),
            state.org_unit_id.uuid().into(),
            word(&state.status)?.into(),
            revision.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Whether the person with this code has left us; whom we do not know has not.
///
/// # Errors
/// When the database does not answer.
pub fn has_left<'a>(db: &'a Db, code: &'a str) -> BoxFuture<'a, Result<bool>> {
    Box::pin(async move {
        let sql = "SELECT 1 FROM staff WHERE code = $1 AND status = $2";
        let values = vec![code.into(), word(&StaffStatus::Left)?.into()];
        Ok(db.read().query_one_raw(statement(db.read(), sql, values)).await?.is_some())
    })
}
