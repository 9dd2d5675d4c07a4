//! What a customer's stage is made of.

use chrono::{DateTime, Utc};
use kit::{
    Db, Result, Work,
    db::{statement, word},
};
use schema::ids::CustomerId;
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

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

/// Writes what happened and the stage that is reached by it; and whether it is told that they lapsed, when that
/// is another than before.
pub(crate) async fn put(
    work: &Work,
    customer: CustomerId,
    facts: &Facts,
    lapse_told: Option<bool>,
) -> Result<()> {
    work.execute(
        "UPDATE customer SET purchases = $2, presales_contacts = $3, last_purchase_at = $4, stage = $5, \
         lapse_told = COALESCE($6, lapse_told) WHERE id = $1",
        vec![
            customer.uuid().into(),
            facts.purchases.into(),
            facts.presales_contacts.into(),
            facts.last_purchase_at.into(),
            word(&facts.reached())?.into(),
            lapse_told.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Customers who bought last before this and of whom it is not told that they lapsed, the longest lapsed first.
pub(crate) async fn lapsed(db: &Db, before: DateTime<Utc>, most: u32) -> Result<Vec<CustomerId>> {
    let sql = "SELECT id FROM customer WHERE NOT lapse_told AND last_purchase_at < $1 \
               ORDER BY last_purchase_at, id LIMIT $2";
    let values = vec![before.into(), i64::from(most).into()];
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
}

/// Notes of one of them that it is told; `false` when they bought meanwhile, or it was told already.
pub(crate) async fn note_lapse(work: &Work, customer: CustomerId, before: DateTime<Utc>) -> Result<bool> {
    let sql = "UPDATE customer SET lapse_told = true \
               WHERE id = $1 AND NOT lapse_told AND last_purchase_at < $2";
    Ok(work.execute(sql, vec![customer.uuid().into(), before.into()]).await?.rows_affected() == 1)
}
