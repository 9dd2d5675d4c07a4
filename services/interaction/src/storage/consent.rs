//! Copies of what the customer service told of a customer's wishes and household.

use kit::{Db, Error, Result, Work, db::statement};
use schema::{
    api::customer::CustomerStatus,
    event::customer::{ConsentState, HouseholdState},
    ids::{CustomerId, HouseholdId, OrgUnitId},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Keeps what a customer allows us if it is newer than what is held.
pub(crate) async fn keep(work: &Work, state: &ConsentState, revision: i64) -> Result<()> {
    let text = serde_json::to_string(state).map_err(|error| Error::malformed("a consent", error))?;
    work.execute(
        "INSERT INTO consent_copy (customer_id, state, revision) VALUES ($1, $2, $3) \
         ON CONFLICT (customer_id) DO UPDATE SET state = excluded.state, revision = excluded.revision \
         WHERE consent_copy.revision < excluded.revision",
        vec![state.customer_id.uuid().into(), text.into(), revision.into()],
    )
    .await?;
    Ok(())
}

/// Keeps which household a customer belongs to if it is newer than what is held.
pub(crate) async fn keep_household(work: &Work, state: &HouseholdState, revision: i64) -> Result<()> {
    work.execute(
        "INSERT INTO household_copy (customer_id, household_id, revision) VALUES ($1, $2, $3) \
         ON CONFLICT (customer_id) DO UPDATE SET household_id = excluded.household_id, \
         revision = excluded.revision WHERE household_copy.revision < excluded.revision",
        vec![
            state.customer_id.uuid().into(),
            state.household_id.map(HouseholdId::uuid).into(),
            revision.into(),
        ],
    )
    .await?;
    Ok(())
}

/// What a customer allows us, within a work.
pub(crate) async fn held(work: &Work, customer: CustomerId) -> Result<Option<ConsentState>> {
    load(work.tx(), customer).await
}

/// What a customer allows us.
pub(crate) async fn get(db: &Db, customer: CustomerId) -> Result<Option<ConsentState>> {
    load(db.read(), customer).await
}

async fn load(connection: &impl ConnectionTrait, customer: CustomerId) -> Result<Option<ConsentState>> {
    let sql = "SELECT state FROM consent_copy WHERE customer_id = $1";
    let row = connection.query_one_raw(statement(connection, sql, vec![customer.uuid().into()])).await?;
    let Some(row) = row else { return Ok(None) };
    let text: String = row.try_get_by_index(0)?;
    serde_json::from_str(&text).map(Some).map_err(|error| Error::malformed("a consent in a row", error))
}

/// The household that a customer belongs to.
pub(crate) async fn household(work: &Work, customer: CustomerId) -> Result<Option<HouseholdId>> {
    let sql = "SELECT household_id FROM household_copy WHERE customer_id = $1";
    let row = work.query_one(sql, vec![customer.uuid().into()]).await?;
    let id: Option<Uuid> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    Ok(id.map(HouseholdId::from))
}

/// The unit that a customer who is known here belongs to.
pub(crate) async fn home_unit(work: &Work, customer: CustomerId) -> Result<OrgUnitId> {
    let sql = "SELECT home_unit_id FROM customer_ref WHERE customer_id = $1";
    let row = work.query_one(sql, vec![customer.uuid().into()]).await?;
    let row = row.ok_or_else(|| Error::NotKnownYet(customer.into()))?;
    Ok(row.try_get_by_index::<Uuid>(0)?.into())
}

/// Whether we still deal with a customer who is known here.
pub(crate) async fn is_active(work: &Work, customer: CustomerId) -> Result<bool> {
    let sql = "SELECT 1 FROM customer_ref WHERE customer_id = $1 AND status = $2";
    let values = vec![customer.uuid().into(), kit::db::word(&CustomerStatus::Active)?.into()];
    Ok(work.query_one(sql, values).await?.is_some())
}
