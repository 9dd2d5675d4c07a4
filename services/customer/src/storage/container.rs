//! Containers that stand at customers'. What they hold is reckoned when they are read.

use std::collections::BTreeMap;

use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
    rows::among,
};
use schema::{
    api::customer::{Container, ContainerPath, NewContainer},
    ids::{ContainerId, CustomerId},
};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use crate::domain::container;

fn read(row: &QueryResult) -> Result<Container> {
    let shape = from_word(row.try_get("", "shape")?)?;
    let (width_mm, depth_mm, height_mm) =
        (row.try_get("", "width_mm")?, row.try_get("", "depth_mm")?, row.try_get("", "height_mm")?);
    let density_milli = row.try_get("", "density_milli")?;
    let holds = container::capacity(shape, width_mm, depth_mm, height_mm, density_milli);
    Ok(Container {
        id: row.try_get::<Uuid>("", "id")?.into(),
        sku: row.try_get("", "sku")?,
        shape,
        width_mm,
        depth_mm,
        height_mm,
        density_milli,
        capacity_litres_milli: holds.litres,
        capacity_kilograms_milli: holds.kilograms,
    })
}

/// One container of a customer.
pub(crate) async fn find(db: &Db, path: ContainerPath) -> Result<Option<Container>> {
    let sql = "SELECT * FROM container WHERE customer_id = $1 AND id = $2";
    let values = vec![path.customer_id.uuid().into(), path.container_id.uuid().into()];
    let row = db.read().query_one_raw(statement(db.read(), sql, values)).await?;
    row.as_ref().map(read).transpose()
}

/// How many a customer has.
pub(crate) async fn count(work: &Work, customer: CustomerId) -> Result<i64> {
    let values = vec![customer.uuid().into()];
    let row = work.query_one("SELECT COUNT(*) FROM container WHERE customer_id = $1", values).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// Adds one.
pub(crate) async fn add(work: &Work, customer: CustomerId, new: &NewContainer) -> Result<()> {
    work.execute(
        "INSERT INTO container (customer_id, id, sku, shape, width_mm, depth_mm, height_mm, density_milli) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vec![
            customer.uuid().into(),
            work.new_id::<ContainerId>().uuid().into(),
            new.sku.as_str().into(),
            word(&new.shape)?.into(),
            new.width_mm.into(),
            new.depth_mm.into(),
            new.height_mm.into(),
            new.density_milli.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Removes one; `false` when the customer has none with this id.
pub(crate) async fn remove(work: &Work, customer: CustomerId, id: ContainerId) -> Result<bool> {
    let values = vec![customer.uuid().into(), id.uuid().into()];
    let removed = work.execute("DELETE FROM container WHERE customer_id = $1 AND id = $2", values).await?;
    Ok(removed.rows_affected() == 1)
}

/// The containers of these customers, in the order in which they were recorded.
pub(super) async fn all(
    connection: &impl ConnectionTrait,
    customers: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Container>>> {
    let mut values = Vec::new();
    let listed =
        among(connection.get_database_backend(), "customer_id", customers.iter().copied(), &mut values);
    let sql = format!("SELECT * FROM container WHERE {listed} ORDER BY id");
    let mut found: BTreeMap<Uuid, Vec<Container>> = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        found.entry(row.try_get("", "customer_id")?).or_default().push(read(&row)?);
    }
    Ok(found)
}
