//! What customers asked for: channels, quiet hours, time zone.

use std::collections::BTreeMap;

use kit::{Result, Work, db::statement, rows::among};
use schema::{
    api::{customer::QuietSpan, interaction::Channel},
    ids::CustomerId,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::list;

/// What one customer asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) stated_channels: Vec<Channel>,
    pub(crate) quiet_spans: Vec<QuietSpan>,
    pub(crate) time_zone: Option<String>,
}

/// Writes what a customer asked for, in place of what was there.
pub(crate) async fn put(work: &Work, customer: CustomerId, asked: &Asked) -> Result<()> {
    work.execute(
        "INSERT INTO contact_preference (customer_id, stated_channels, quiet_spans, time_zone) \
         VALUES ($1, $2, $3, $4) \
         ON CONFLICT (customer_id) DO UPDATE SET stated_channels = excluded.stated_channels, \
         quiet_spans = excluded.quiet_spans, time_zone = excluded.time_zone",
        vec![
            customer.uuid().into(),
            list::to_column(&asked.stated_channels)?.into(),
            list::to_column(&asked.quiet_spans)?.into(),
            asked.time_zone.as_deref().into(),
        ],
    )
    .await?;
    Ok(())
}

/// What these customers asked for; nothing of those who asked for nothing.
pub(super) async fn all(
    connection: &impl ConnectionTrait,
    customers: &[Uuid],
) -> Result<BTreeMap<Uuid, Asked>> {
    let mut values = Vec::new();
    let listed =
        among(connection.get_database_backend(), "customer_id", customers.iter().copied(), &mut values);
    let sql = format!("SELECT * FROM contact_preference WHERE {listed}");
    let mut found = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        let asked = Asked {
            stated_channels: list::of_column(&row, "stated_channels")?,
            quiet_spans: list::of_column(&row, "quiet_spans")?,
            time_zone: row.try_get("", "time_zone")?,
        };
        found.insert(row.try_get("", "customer_id")?, asked);
    }
    Ok(found)
}
