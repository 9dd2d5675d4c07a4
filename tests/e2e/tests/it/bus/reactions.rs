//! What the consumer on the stage reacts to, and how. An effect is a row without any uniqueness: an event
//! that had its effect twice shows as two rows.

use kit::{Error, Reactions, Received, Result, Work, migration::SqlMigration};
use schema::event::{
    CustomerRegistered, PointsEarned, PurchaseRecorded, PurchaseReturned,
    customer::CustomerState,
    interaction::{PurchaseRecorded as Purchase, PurchaseReturned as Return},
    loyalty::PointsMoved,
};
use sea_orm_migration::MigrationTrait;
use uuid::Uuid;

/// The consumer's own tables: what is known, what had an effect, and what fails on purpose.
pub(super) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(SqlMigration {
        name: "stage_0001",
        sql: "CREATE TABLE known (id {uuid} NOT NULL PRIMARY KEY);\n\
              CREATE TABLE effect (id {serial}, event_id {uuid} NOT NULL, kind text NOT NULL, \
                  subject_id {uuid} NOT NULL, amount bigint NOT NULL);\n\
              CREATE TABLE broken (purchase_id {uuid} NOT NULL PRIMARY KEY, how text NOT NULL);\n",
    })]
}

/// A customer is known when registered, a purchase when recorded; a return needs its purchase.
pub(super) fn reactions() -> Reactions {
    Reactions::new()
        .on::<CustomerRegistered>(|work, event| Box::pin(on_customer_registered(work, event)))
        .on::<PurchaseRecorded>(|work, event| Box::pin(on_purchase_recorded(work, event)))
        .on::<PurchaseReturned>(|work, event| Box::pin(on_purchase_returned(work, event)))
}

async fn on_customer_registered(work: &mut Work, event: Received<CustomerState>) -> Result<()> {
    let customer = event.data.customer_id.uuid();
    effect(work, event.id.uuid(), "registered", customer, 1).await?;
    know(work, customer).await
}

async fn on_purchase_recorded(work: &mut Work, event: Received<Purchase>) -> Result<()> {
    let data = event.data;
    require(work, data.customer_id.uuid()).await?;
    // Something is written before it fails, so that a failure has something to undo.
    effect(work, event.id.uuid(), "recorded", data.customer_id.uuid(), data.total_minor.get()).await?;
    fail_on_purpose(work, data.purchase_id.uuid()).await?;
    let moved = PointsMoved {
        entry_id: event.id.uuid().into(),
        customer_id: data.customer_id,
        purchase_id: data.purchase_id,
        points: schema::value::Points::new(data.total_minor.get()),
        occurred_at: data.occurred_at,
    };
    let revision = work.revise(data.customer_id, None).await?;
    work.tell::<PointsEarned>(data.customer_id, revision, data.occurred_at, &moved)?;
    know(work, data.purchase_id.uuid()).await
}

async fn on_purchase_returned(work: &mut Work, event: Received<Return>) -> Result<()> {
    let data = event.data;
    require(work, data.purchase_id.uuid()).await?;
    effect(work, event.id.uuid(), "returned", data.customer_id.uuid(), data.total_minor.get()).await
}

async fn effect(work: &Work, event: Uuid, kind: &str, subject: Uuid, amount: i64) -> Result<()> {
    work.execute(
        "INSERT INTO effect (event_id, kind, subject_id, amount) VALUES ($1, $2, $3, $4)",
        vec![event.into(), kind.into(), subject.into(), amount.into()],
    )
    .await?;
    Ok(())
}

async fn know(work: &mut Work, id: Uuid) -> Result<()> {
    work.execute("INSERT INTO known (id) VALUES ($1)", vec![id.into()]).await?;
    work.arrived(id);
    Ok(())
}

/// Fails as long as the subject is not known.
pub(super) async fn require(work: &Work, id: Uuid) -> Result<()> {
    match work.query_one("SELECT 1 FROM known WHERE id = $1", vec![id.into()]).await? {
        Some(_) => Ok(()),
        None => Err(Error::NotKnownYet(id)),
    }
}

async fn fail_on_purpose(work: &Work, purchase: Uuid) -> Result<()> {
    let row = work.query_one("SELECT how FROM broken WHERE purchase_id = $1", vec![purchase.into()]).await?;
    let Some(row) = row else { return Ok(()) };
    let how: String = row.try_get_by_index(0)?;
    match how.as_str() {
        // The database refuses, which on PostgreSQL spoils the transaction.
        "statement" => work.execute("INSERT INTO known (id) VALUES (NULL)", vec![]).await.map(|_| ()),
        "panic" => panic!("broken on purpose"),
        _ => Err(Error::Fault("broken on purpose".to_owned())),
    }
}
