//! How much it matters to know an item of a profile.

use kit::{Result, Work, db::statement};
use schema::api::customer::ProfileWeight;
use sea_orm::ConnectionTrait;

/// Every item that has a weight above 0, heaviest first and then by item. One whose attribute is retired
/// does not count any more: nobody could be asked for it.
pub(crate) async fn all(connection: &impl ConnectionTrait) -> Result<Vec<ProfileWeight>> {
    let sql = "SELECT w.item, w.weight FROM profile_weight w WHERE w.weight > 0 AND NOT EXISTS \
               (SELECT 1 FROM attribute a WHERE a.code = w.item AND a.retired_at IS NOT NULL) \
               ORDER BY w.weight DESC, w.item";
    let rows = connection.query_all_raw(statement(connection, sql, Vec::new())).await?;
    let weight = |row: &sea_orm::QueryResult| {
        Ok(ProfileWeight { item: row.try_get("", "item")?, weight: row.try_get("", "weight")? })
    };
    rows.iter().map(weight).collect()
}

/// Sets the weight of an item.
pub(crate) async fn put(work: &Work, one: &ProfileWeight) -> Result<()> {
    work.execute(
        "INSERT INTO profile_weight (item, weight) VALUES ($1, $2) \
         ON CONFLICT (item) DO UPDATE SET weight = excluded.weight",
        vec![one.item.as_str().into(), one.weight.into()],
    )
    .await?;
    Ok(())
}
