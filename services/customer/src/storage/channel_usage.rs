//! How often customers were tried on a channel, and how often they answered. Sums, so that the order in which
//! contacts are told does not matter.

use std::collections::BTreeMap;

use kit::{
    Result, Work,
    db::{from_word, statement, word},
    rows::{Rows, among},
};
use schema::{api::interaction::Channel, ids::CustomerId};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Attempts and answers, by customer and channel.
pub(crate) type Counts = BTreeMap<(CustomerId, Channel), (i32, i32)>;

/// Counts further attempts.
pub(crate) async fn count(work: &Work, counts: &Counts) -> Result<()> {
    let mut rows = Rows::into("channel_usage", ["customer_id", "channel", "attempts", "answers"]);
    for ((customer, channel), (attempts, answers)) in counts {
        rows.push([customer.uuid().into(), word(channel)?.into(), (*attempts).into(), (*answers).into()]);
    }
    let then = "ON CONFLICT (customer_id, channel) DO UPDATE SET \
                attempts = channel_usage.attempts + excluded.attempts, \
                answers = channel_usage.answers + excluded.answers";
    work.insert(rows, then).await
}

/// Attempts and answers of these customers by channel.
pub(super) async fn all(
    connection: &impl ConnectionTrait,
    customers: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<(Channel, i32, i32)>>> {
    let mut values = Vec::new();
    let listed =
        among(connection.get_database_backend(), "customer_id", customers.iter().copied(), &mut values);
    let sql = format!("SELECT * FROM channel_usage WHERE {listed}");
    let mut found: BTreeMap<Uuid, Vec<(Channel, i32, i32)>> = BTreeMap::new();
    for row in connection.query_all_raw(statement(connection, &sql, values)).await? {
        found.entry(row.try_get("", "customer_id")?).or_default().push((
            from_word(row.try_get("", "channel")?)?,
            row.try_get("", "attempts")?,
            row.try_get("", "answers")?,
        ));
    }
    Ok(found)
}
