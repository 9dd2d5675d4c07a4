//! What people wrote to know before the first word with a customer.

use std::collections::BTreeMap;

use kit::{Result, Work, db::statement, rows::among};
use schema::ids::CustomerId;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::list;

/// What was written of one customer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    pub(crate) form_of_address: Option<String>,
    pub(crate) habits: Vec<String>,
    pub(crate) dos: Vec<String>,
    pub(crate) donts: Vec<String>,
}

/// Writes it, in place of what was there.
pub(crate) async fn put(work: &Work, customer: CustomerId, written: &Written) -> Result<()> {
    work.execute(
        "INSERT INTO service_brief (customer_id, form_of_address, habits, dos, donts) \
         VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (customer_id) DO UPDATE SET form_of_address = excluded.form_of_address, \
         habits = excluded.habits, dos = excluded.dos, donts = excluded.donts",
        vec![
            customer.uuid().into(),
            written.form_of_address.as_deref().into(),
            list::to_column(&written.habits)?.into(),
            list::to_column(&written.dos)?.into(),
            list::to_column(&written.donts)?.into(),
        ],
    )
    .await?;
    Ok(())
}

/// What was written of these customers; nothing of those of whom nothing was.
pub(super) async fn all(
    connection: &impl ConnectionTrait,
    customers: &[Uuid],
) -> Result<BTreeMap<Uuid, Written>> {
    let mut values = Vec::new();
    let listed =
        among(connection.get_database_backend(), "customer_id", customers.iter().copied(), &mut values);
    let sql = format!("SELECT * FROM service_brief WHERE {listed}");
    let mut found = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        let written = Written {
            form_of_address: row.try_get("", "form_of_address")?,
            habits: list::of_column(&row, "habits")?,
            dos: list::of_column(&row, "dos")?,
            donts: list::of_column(&row, "donts")?,
        };
        found.insert(row.try_get("", "customer_id")?, written);
    }
    Ok(found)
}
