//! Opens several cases at once, and resolves and closes those that are over; each as single commands do.

use kit::{Result, Work, batch::Items};
use schema::api::{
    batch::{Batch, BatchItem, BatchReply},
    interaction::{CasePath, CaseToRecord},
    problem::Problem,
};

use super::{close_case, open_case, resolve_case};

pub(crate) async fn open_cases(
    work: &mut Work,
    batch: &Batch<BatchItem<CaseToRecord>>,
) -> Result<BatchReply> {
    let mut items = Items::of(batch, "cases")?;
    let revisions = reference::batch::begin(work, &mut items, "service_case").await?;
    items
        .decide_each(work, |work, item, id| {
            let path = CasePath { customer_id: item.customer_id, case_id: id.into() };
            Box::pin(record(work, path, &item.command))
        })
        .await?;
    revisions.release(work).await?;
    items.reply()
}

/// A case with what became of it.
async fn record(work: &mut Work, path: CasePath, new: &CaseToRecord) -> Result<()> {
    if new.closing.is_some() && new.resolution.is_none() {
        let detail = "only a case that was resolved can be closed; say how it was resolved";
        return Err(Problem::field("/closing", detail).into());
    }
    open_case::open(work, path, &new.case, None).await.map_err(within("/case"))?;
    if let Some(resolution) = &new.resolution {
        resolve_case::resolve(work, path, resolution, None).await.map_err(within("/resolution"))?;
    }
    if let Some(step) = &new.closing {
        close_case::close(work, path, step, None).await.map_err(within("/closing"))?;
    }
    Ok(())
}

/// Says in which part of the command the places of a problem are.
fn within(part: &'static str) -> impl Fn(kit::Error) -> kit::Error {
    move |error| match error {
        kit::Error::Problem(problem) => problem.within(part).into(),
        other => other,
    }
}
