//! Records several answers at once; each is decided on as a single one is.

use kit::{Result, Work, batch::Items};
use schema::api::{
    batch::{Batch, BatchItem, BatchReply},
    survey::NewAnswer,
};

use super::record_answer;
use crate::storage;

pub(crate) async fn record_answers(
    work: &mut Work,
    batch: &Batch<BatchItem<NewAnswer>>,
) -> Result<BatchReply> {
    let mut items = Items::of(batch, "answers")?;
    let mut revisions = reference::batch::begin(work, &mut items, "answer").await?;
    let units = super::units(work, items.open().filter_map(|(_, item, _)| item.command.org_unit_id)).await?;

    let mut recorded = Vec::new();
    items.decide(|item, id| {
        let (customer, new) = (item.customer_id, &item.command);
        let given = record_answer::checked(new, work.now())?;
        record_answer::require_unit(new, &units)?;
        let head = (customer, id.into(), revisions.next(customer.uuid()));
        let answer = record_answer::answer(head, new, given);
        work.begin_item(id);
        record_answer::tell(work, &answer)?;
        revisions.take(customer.uuid());
        recorded.push(answer);
        Ok(())
    })?;
    storage::answer::add_each(work, recorded.iter().map(|answer| (answer, None))).await?;
    let done = recorded.iter().map(|answer| (answer.customer_id.uuid(), None));
    work.audit_each("answer.record", done)?;
    revisions.keep(work).await?;
    items.reply()
}
