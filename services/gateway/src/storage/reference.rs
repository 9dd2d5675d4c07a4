//! Who sees a customer: kind, status and units, straight from the event or from a file fetched before
//! the event came. Both count the same revision.

use kit::{Result, Work, db::word};
use schema::event::customer::CustomerState;

/// Keeps the reference if it is newer than what is held.
pub(crate) async fn keep(work: &Work, state: &CustomerState, revision: i64) -> Result<()> {
    let newer = work
        .execute(
            "INSERT INTO customer_view (customer_id, kind, status, home_unit_id, reference_revision) \
             VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (customer_id) DO UPDATE SET kind = excluded.kind, status = excluded.status, \
             home_unit_id = excluded.home_unit_id, reference_revision = excluded.reference_revision \
             WHERE customer_view.reference_revision < excluded.reference_revision",
            vec![
                state.customer_id.uuid().into(),
                word(&state.kind)?.into(),
                word(&state.status)?.into(),
                state.home_unit_id.uuid().into(),
                revision.into(),
            ],
        )
        .await?
        .rows_affected()
        == 1;
    if newer {
        // The row's lock keeps other writers of this customer's units away until the commit.
        let (home, serving) = (state.home_unit_id, &state.serving_unit_ids);
        reference::customer::keep_units(work, state.customer_id, home, serving).await?;
    }
    Ok(())
}
