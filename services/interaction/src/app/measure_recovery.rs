//! Keeps on the case what became of the customer: the score before and after it, and whether they recovered.
//! Of several measurements the last one counts, in whatever order they come.

use kit::{Error, Result, Work};
use schema::{api::interaction::CasePath, event::survey::RecoveryMeasured};

use crate::storage;

pub(crate) async fn measure_recovery(work: &mut Work, measured: &RecoveryMeasured) -> Result<()> {
    let (customer_id, case_id) = (measured.customer_id, measured.case_id);
    if storage::case::find(work, CasePath { customer_id, case_id }).await?.is_none() {
        return Err(Error::NotKnownYet(case_id.into()));
    }
    work.revise(customer_id, None).await?;
    storage::case::measured(work, measured).await
}
