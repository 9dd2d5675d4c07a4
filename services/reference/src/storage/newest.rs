//! The newest rows of several customers in one statement.
//!
//! Each customer is one range read of an index on (customer_id, occurred_at, id), which ends at the
//! limit however long the history is; numbering the rows by a window would read all of it. The statement
//! has two forms with the same values and rows, because SQLite has no `LATERAL`, and PostgreSQL plans a
//! union of 200 reads ten times as long as it takes to run them.

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::{DateTime, Utc};
use kit::{Result, db};
use schema::ids::CustomerId;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};
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
    let mut values: Vec<Value> = vec![i64::from(limit).into()];
    for (customer, (occurred_at, id)) in ranges {
        values.extend([customer.uuid().into(), (*occurred_at).into(), (*id).into()]);
    }
    let sql = match connection.get_database_backend() {
        DbBackend::Postgres => lateral(table, ranges.len()),
        _ => union(table, ranges.len()),
    };
    let mut found: BTreeMap<CustomerId, Vec<(Place, T)>> = BTreeMap::new();
    for row in connection.query_all_raw(db::statement(connection, &sql, values)).await? {
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

/// The placeholders of each range, after that of the limit.
fn placeholders(ranges: usize) -> impl Iterator<Item = [usize; 3]> {
    (0..ranges).map(|range| [range * 3 + 2, range * 3 + 3, range * 3 + 4])
}

/// The form for SQLite.
fn union(table: &str, ranges: usize) -> String {
    let reads: Vec<String> = placeholders(ranges)
        .map(|[customer, at, id]| {
            format!(
                "SELECT * FROM (SELECT * FROM {table} \
                 WHERE customer_id = ${customer} AND (occurred_at, id) < (${at}, ${id}) \
                 ORDER BY occurred_at DESC, id DESC LIMIT $1)"
            )
        })
        .collect();
    reads.join(" UNION ALL ")
}

/// The form for PostgreSQL.
fn lateral(table: &str, ranges: usize) -> String {
    let asked: Vec<String> =
        placeholders(ranges).map(|[customer, at, id]| format!("(${customer}, ${at}, ${id})")).collect();
    format!(
        "SELECT newest.* FROM (VALUES {}) asked (customer_id, occurred_at, id) CROSS JOIN LATERAL \
         (SELECT * FROM {table} t WHERE t.customer_id = asked.customer_id \
         AND (t.occurred_at, t.id) < (asked.occurred_at, asked.id) \
         ORDER BY t.occurred_at DESC, t.id DESC LIMIT $1) newest",
        asked.join(", ")
    )
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

    #[test]
    fn each_range_has_its_own_values() {
        assert_eq!(placeholders(2).collect::<Vec<_>>(), [[2, 3, 4], [5, 6, 7]]);
    }
}
