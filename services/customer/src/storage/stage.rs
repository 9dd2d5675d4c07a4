//! What a customer's stage is made of.

use kit::{Result, Work, db::word};
use schema::ids::CustomerId;

use crate::domain::stage::Facts;

/// Keeps other writers of the customer away and gives what happened so far; none when nobody has this id.
pub(crate) async fn facts(work: &Work, customer: CustomerId) -> Result<Option<Facts>> {
    // The same row that every command locks first.
    let values = vec![customer.uuid().into()];
    work.execute("UPDATE revision SET revision = revision WHERE subject_id = $1", values).await?;
    let sql = "SELECT purchases, presales_contacts, last_purchase_at FROM customer WHERE id = $1";
    let row = work.query_one(sql, vec![customer.uuid().into()]).await?;
    row.map(|row| {
        Ok(Facts {
            purchases: row.try_get("", "purchases")?,
            presales_contacts: row.try_get("", "presales_contacts")?,
            last_purchase_at: row.try_get("", "last_purchase_at")?,
        })
    })
    .transpose()
}

/// Writes what happened, and the stage that is reached by it.
pub(crate) async fn put(work: &Work, customer: CustomerId, facts: &Facts) -> Result<()> {
    work.execute(
        "UPDATE customer SET purchases = $2, presales_contacts = $3, last_purchase_at = $4, stage = $5 \
         WHERE id = $1",
        vec![
            customer.uuid().into(),
            facts.purchases.into(),
            facts.presales_contacts.into(),
            facts.last_purchase_at.into(),
            word(&facts.reached())?.into(),
        ],
    )
    .await?;
    Ok(())
}
