//! Staff as others own them.

use kit::{Result, Work};
use schema::ids::StaffId;

/// Whether the person is known here.
pub(crate) async fn is_known(work: &Work, person: StaffId) -> Result<bool> {
    let values = vec![person.uuid().into()];
    Ok(work.query_one("SELECT 1 FROM staff WHERE id = $1", values).await?.is_some())
}
