//! Somebody left: their open promises go to whoever takes over. What they missed stays charged to them.

use chrono::{DateTime, Utc};
use kit::{Result, Work};
use schema::ids::StaffId;

use crate::storage;

/// Promises that are looked for at a time.
const BATCH: i64 = 100;

pub(super) async fn succeed_promises(
    work: &mut Work,
    left: StaffId,
    to: StaffId,
    left_at: DateTime<Utc>,
) -> Result<()> {
    loop {
        let overdue = storage::contact::overdue_of(work, left, left_at, BATCH).await?;
        if overdue.is_empty() {
            return storage::contact::hand_promises(work, left, to).await;
        }
        for path in overdue {
            super::breach_promise::breach_promise(work, path, left_at).await?;
        }
    }
}
