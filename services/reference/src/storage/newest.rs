//! The newest rows of several customers in one statement.
//!
//! Each customer is one range read of an index on (customer_id, occurred_at, id), which ends at the
//! limit however long the history is; numbering the rows by a window would read all of it. The statement
//! has two forms with the same values and rows, because SQLite has no `LATERAL`, and PostgreSQL plans a
//! union of 200 reads ten times as long as it takes to run them.

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::{DateTime, Utc};
use kit::{Error, Result, db, rows::Rows};
use schema::ids::CustomerId;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};
use uuid::Uuid;

/// A place in the order from the newest down: when, and which of those at that time.
pub type Place = (DateTime<Utc>, Uuid);
/// Whose rows, and after which place.
pub type Range = (CustomerId, Place);

/// The place before everything: the last second of the last year that is stored.
pub const START: Place = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(end) => (end, Uuid::max()),
    None => panic!("9999-12-31T23:59:59Z is a time"),
};

/// The newest `limit` rows of each range, newest first; nothing for a range without rows.
///
/// `table` has the columns customer_id, occurred_at and id, indexed in this order. `read` makes of a row what
/// it stands for, and says whose it is and where in the order.
///
/// # Errors
/// When the database cannot be asked, or a row does not have its form.
pub async fn read<Row: FromQueryResult, T>(
    connection: &impl ConnectionTrait,
    table: &str,
    ranges: &[Range],
    limit: u32,
    read: impl Fn(Row) -> Result<(CustomerId, Place, T)>,
) -> Result<BTreeMap<CustomerId, Vec<T>>> {
    if ranges.is_empty() {
        return Ok(BTreeMap::new());
    }
    let asked = match connection.get_database_backend() {
        DbBackend::Sqlite => union(connection, table, ranges, limit),
        _ => lateral(connection, table, ranges, limit)?,
    };
    let mut found: BTreeMap<CustomerId, Vec<(Place, T)>> = BTreeMap::new();
    for row in connection.query_all_raw(asked).await? {
        let (customer, place, item) = read(Row::from_query_result(&row, "")?)?;
        found.entry(customer).or_default().push((place, item));
    }
    let in_order = |(customer, mut items): (CustomerId, Vec<(Place, T)>)| {
        // Neither form promises the order of its ranges' rows, though both databases keep it.
        items.sort_by_key(|(place, _)| Reverse(*place));
        (customer, items.into_iter().map(|(_, item)| item).collect())
    };
    Ok(found.into_iter().map(in_order).collect())
}

/// The form for SQLite.
fn union(connection: &impl ConnectionTrait, table: &str, ranges: &[Range], limit: u32) -> Statement {
    let mut values: Vec<Value> = vec![i64::from(limit).into()];
    let mut reads: Vec<String> = Vec::with_capacity(ranges.len());
    for (customer, (occurred_at, id)) in ranges {
        values.extend([customer.uuid().into(), (*occurred_at).into(), (*id).into()]);
        let last = values.len();
        reads.push(format!(
            "SELECT * FROM (SELECT * FROM {table} \
             WHERE customer_id = ${} AND (occurred_at, id) < (${}, ${last}) \
             ORDER BY occurred_at DESC, id DESC LIMIT $1)",
            last - 2,
            last - 1
        ));
    }
    db::statement(connection, &reads.join(" UNION ALL "), values)
}

/// The form for PostgreSQL: one text however many ranges there are.
fn lateral(
    connection: &impl ConnectionTrait,
    table: &str,
    ranges: &[Range],
    limit: u32,
) -> Result<Statement> {
    let mut rows = Rows::named("asked", ["customer_id", "occurred_at", "id"]);
    for (customer, (occurred_at, id)) in ranges {
        rows.push([customer.uuid().into(), (*occurred_at).into(), (*id).into()]);
    }
    // A number that is written by this program itself: there are few.
    let sql = |asked: &str| {
        format!(
            "SELECT newest.* FROM {asked} CROSS JOIN LATERAL \
             (SELECT * FROM {table} t WHERE t.customer_id = asked.customer_id \
             AND (t.occurred_at, t.id) < (asked.occurred_at, asked.id) \
             ORDER BY t.occurred_at DESC, t.id DESC LIMIT {limit}) newest"
        )
    };
    let mut statements = rows.over(connection.get_database_backend(), sql)?;
    statements.pop().ok_or_else(|| Error::Fault("no ranges were asked for".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::moment;

    #[test]
    fn the_start_can_be_stored() {
        assert!(moment::is_storable(START.0));
        assert!(!moment::is_storable(START.0 + chrono::TimeDelta::seconds(1)));
    }
}
