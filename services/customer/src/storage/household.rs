//! Households, and which customer is in which.

use std::collections::{BTreeMap, BTreeSet};

use kit::{Result, Work, db::statement, rows::among};
use schema::{
    access::Scope,
    api::customer::Household,
    ids::{CustomerId, HouseholdId},
};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

/// The household, if one of its customers is in scope.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    id: HouseholdId,
    scope: &Scope,
) -> Result<Option<Household>> {
    let mut values: Vec<Value> = vec![id.uuid().into()];
    let condition = reference::scope::of_customer(scope, "seen.customer_id", &mut values);
    // One statement: a household and its members as of one moment.
    let sql = format!(
        "SELECT h.created_at, v.revision, m.customer_id FROM household h JOIN revision v ON v.subject_id = h.id \
         JOIN household_member m ON m.household_id = h.id WHERE h.id = $1 AND EXISTS \
         (SELECT 1 FROM household_member seen WHERE seen.household_id = h.id AND {condition}) \
         ORDER BY m.customer_id"
    );
    let mut found: Option<Household> = None;
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        let (created_at, revision) = (row.try_get("", "created_at")?, row.try_get("", "revision")?);
        let household =
            found.get_or_insert_with(|| Household { id, member_ids: Vec::new(), created_at, revision });
        household.member_ids.push(row.try_get::<Uuid>("", "customer_id")?.into());
    }
    Ok(found)
}

/// Keeps other writers of these customers away, always in the order of their ids, so that two commands with
/// the same customers do not wait for each other.
pub(crate) async fn lock(work: &Work, customers: &BTreeSet<CustomerId>) -> Result<()> {
    for id in customers {
        let values = vec![id.uuid().into()];
        work.execute("UPDATE revision SET revision = revision WHERE subject_id = $1", values).await?;
    }
    Ok(())
}

/// Whether any of these customers is in a household.
pub(crate) async fn is_any_in_one(work: &Work, customers: &BTreeSet<CustomerId>) -> Result<bool> {
    let mut values = Vec::new();
    let listed = among(work.backend(), "customer_id", customers.iter().map(|id| id.uuid()), &mut values);
    let sql = format!("SELECT 1 FROM household_member WHERE {listed} LIMIT 1");
    Ok(work.query_one(&sql, values).await?.is_some())
}

/// Makes a household without members.
pub(crate) async fn add(work: &Work, id: HouseholdId) -> Result<()> {
    let values = vec![id.uuid().into(), work.now().into()];
    work.execute("INSERT INTO household (id, created_at) VALUES ($1, $2)", values).await?;
    Ok(())
}

/// Puts customers into a household.
pub(crate) async fn put_in(work: &Work, id: HouseholdId, customers: &BTreeSet<CustomerId>) -> Result<()> {
    let mut values: Vec<Value> = vec![id.uuid().into()];
    values.extend(customers.iter().map(|customer| Value::from(customer.uuid())));
    let rows: Vec<String> = (2..=values.len()).map(|n| format!("(${n}, $1)")).collect();
    let sql = format!("INSERT INTO household_member (customer_id, household_id) VALUES {}", rows.join(", "));
    work.execute(&sql, values).await?;
    Ok(())
}

/// Takes a customer out.
pub(crate) async fn take_out(work: &Work, id: HouseholdId, customer: CustomerId) -> Result<()> {
    let values = vec![customer.uuid().into(), id.uuid().into()];
    work.execute("DELETE FROM household_member WHERE customer_id = $1 AND household_id = $2", values).await?;
    Ok(())
}

/// Ends a household.
pub(crate) async fn end(work: &Work, id: HouseholdId) -> Result<()> {
    work.execute("DELETE FROM household_member WHERE household_id = $1", vec![id.uuid().into()]).await?;
    work.execute("DELETE FROM household WHERE id = $1", vec![id.uuid().into()]).await?;
    Ok(())
}

/// The household of each of these customers, and who is in it.
pub(super) async fn of(
    connection: &impl ConnectionTrait,
    customers: &[Uuid],
) -> Result<BTreeMap<Uuid, (HouseholdId, Vec<CustomerId>)>> {
    let mut values = Vec::new();
    let listed =
        among(connection.get_database_backend(), "mine.customer_id", customers.iter().copied(), &mut values);
    let sql = format!(
        "SELECT mine.customer_id, mine.household_id, m.customer_id AS member_id FROM household_member mine \
         JOIN household_member m ON m.household_id = mine.household_id WHERE {listed} \
         ORDER BY m.customer_id"
    );
    let mut found: BTreeMap<Uuid, (HouseholdId, Vec<CustomerId>)> = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        let household: Uuid = row.try_get("", "household_id")?;
        let (_, members) =
            found.entry(row.try_get("", "customer_id")?).or_insert_with(|| (household.into(), Vec::new()));
        members.push(row.try_get::<Uuid>("", "member_id")?.into());
    }
    Ok(found)
}
