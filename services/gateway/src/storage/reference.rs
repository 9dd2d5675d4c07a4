//! Who sees a customer: kind, status and units, straight from the event or from a file fetched before
//! the event came. Both count the same revision.

use std::collections::BTreeSet;

use kit::{Result, Work, db::word, rows::Rows};
use schema::{event::customer::CustomerState, ids::CustomerId};
use uuid::Uuid;

/// Keeps the references that are newer than what is held, each with its revision.
pub(crate) async fn keep(work: &Work, states: &[(&CustomerState, i64)]) -> Result<()> {
    let newest = reference::customer::newest(states);
    let columns = ["customer_id", "kind", "status", "home_unit_id", "reference_revision"];
    let mut rows = Rows::into("customer_view", columns);
    for (state, revision) in newest.values() {
        rows.push([
            state.customer_id.uuid().into(),
            word(&state.kind)?.into(),
            word(&state.status)?.into(),
            state.home_unit_id.uuid().into(),
            (*revision).into(),
        ]);
    }
    let then = "ON CONFLICT (customer_id) DO UPDATE SET kind = excluded.kind, status = excluded.status, \
                home_unit_id = excluded.home_unit_id, reference_revision = excluded.reference_revision \
                WHERE customer_view.reference_revision < excluded.reference_revision RETURNING customer_id";
    let newer = work.insert_returning(rows, then).await?;
    let newer: Result<BTreeSet<CustomerId>> =
        newer.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect();
    let newer = newer?;
    // The rows' locks keep other writers of these customers' units away until the commit.
    let seen = newest.values().map(|(state, _)| *state).filter(|one| newer.contains(&one.customer_id));
    reference::customer::keep_units_of(work, seen).await
}
