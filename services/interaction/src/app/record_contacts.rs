//! Records several contacts at once; each is decided on as a single one is.

use kit::{Result, Work, batch::Items};
use schema::api::{
    batch::{Batch, BatchItem, BatchReply},
    interaction::NewContact,
};

use super::record_contact::{self, People};

pub(crate) async fn record_contacts(
    work: &mut Work,
    batch: &Batch<BatchItem<NewContact>>,
) -> Result<BatchReply> {
    let mut items = Items::of(batch, "contacts")?;
    let mut revisions = reference::batch::begin(work, &mut items, "contact").await?;
    let people = People::named_by(work, items.open().map(|(_, item, _)| &item.command)).await?;

    let mut recorded = Vec::new();
    items.decide(|item, id| {
        let (customer, new) = (item.customer_id, &item.command);
        let had = people.decide(new, record_contact::checked(new, work.now())?)?;
        let head = (customer, id.into(), revisions.next(customer.uuid()));
        let contact = record_contact::contact(head, new, had);
        work.begin_item(id);
        record_contact::tell(work, &contact)?;
        revisions.take(customer.uuid());
        recorded.push(contact);
        Ok(())
    })?;
    record_contact::keep(work, &recorded).await?;
    revisions.keep(work).await?;
    items.reply()
}
