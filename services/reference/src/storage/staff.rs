//! The people who work for us.

use kit::{Result, Work, db::word};
use schema::event::customer::StaffState;

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
