//! Customers lapse by the calendar alone: their files show another stage from today on, and whoever keeps a copy is
//! told, once for each lapse.

use kit::{Result, Work};
use schema::{event::CustomerChanged, ids::CustomerId};

use crate::{domain::stage, storage};

/// Tells of those who lapsed until today, and says of how many.
pub(crate) async fn lapse(work: &mut Work, customers: &[CustomerId]) -> Result<usize> {
    let before = stage::lapsed_before(work.now().date_naive());
    let mut told = 0;
    for customer in customers {
        // A purchase may have come since they were found; its transaction locks the same row.
        storage::stage::facts(work, &[*customer].into()).await?;
        if !storage::stage::note_lapse(work, *customer, before).await? {
            continue;
        }
        let revision = work.revise(*customer, None).await?;
        let Some(file) = storage::customer::find(work, *customer).await? else { continue };
        work.tell::<CustomerChanged>(*customer, revision, work.now(), &storage::customer::state(&file))?;
        work.audit("customer.lapse", *customer, None)?;
        told += 1;
    }
    Ok(told)
}
