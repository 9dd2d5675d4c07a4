//! What is written at the end of a unit of work. On PostgreSQL rows of different tables go in one statement: a round
//! trip costs more than a row.
//!
//! Nothing of it is there before the commit, not for the unit of work itself either. A row that is refused fails the
//! commit.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    sync::{Mutex, PoisonError},
};

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, Statement, Value, Values};

use crate::{error::Result, rows::Rows};

/// Inserts that wait for the commit, in their order.
#[derive(Default)]
pub(super) struct Closing(Mutex<Vec<Insert>>);

struct Insert {
    table: &'static str,
    statement: Statement,
}

impl Closing {
    /// Adds rows; `then` follows them, for example `ON CONFLICT …`.
    pub(super) fn add<const N: usize>(&self, backend: DbBackend, rows: Rows<N>, then: &str) -> Result<()> {
        let table = rows.name();
        let statements = rows.statements(backend, then)?;
        let mut inserts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inserts.extend(statements.into_iter().map(|statement| Insert { table, statement }));
        Ok(())
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Forgets all but the first `len`.
    pub(super) fn truncate(&self, len: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).truncate(len);
    }

    /// Writes them.
    pub(super) async fn write(self, tx: &DatabaseTransaction) -> Result<()> {
        let inserts = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        for statement in together(tx.get_database_backend(), inserts) {
            tx.execute_raw(statement).await?;
        }
        Ok(())
    }
}

/// Puts inserts into as few statements as they fit in. Two into one table stay apart: in one statement the second
/// would not see what the first wrote.
fn together(backend: DbBackend, inserts: Vec<Insert>) -> Vec<Statement> {
    if backend == DbBackend::Sqlite {
        return inserts.into_iter().map(|insert| insert.statement).collect();
    }
    let (mut statements, mut group, mut tables) = (Vec::new(), Vec::new(), BTreeSet::new());
    for Insert { table, statement } in inserts {
        if !tables.insert(table) {
            statements.extend(joined(backend, std::mem::take(&mut group)));
            tables = BTreeSet::from([table]);
        }
        group.push(statement);
    }
    statements.extend(joined(backend, group));
    statements
}

fn joined(backend: DbBackend, mut group: Vec<Statement>) -> Option<Statement> {
    let last = group.pop()?;
    if group.is_empty() {
        return Some(last);
    }
    let (mut sql, mut values) = (String::from("WITH "), Vec::<Value>::new());
    for (at, one) in group.into_iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        // Writing into a string does not fail.
        let _ = write!(sql, "{comma}w{at} AS ({})", shifted(&one.sql, values.len()));
        values.extend(one.values.map(|Values(values)| values).unwrap_or_default());
    }
    let _ = write!(sql, " {}", shifted(&last.sql, values.len()));
    values.extend(last.values.map(|Values(values)| values).unwrap_or_default());
    Some(Statement::from_sql_and_values(backend, sql, values))
}

/// The statement with the numbers of its places raised.
fn shifted(sql: &str, by: usize) -> String {
    let mut parts = sql.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        match number.parse::<usize>() {
            Ok(number) => {
                let _ = write!(text, "${}{rest}", number + by);
            }
            Err(_) => {
                let _ = write!(text, "${part}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(table: &'static str, name: &str) -> Rows<2> {
        let mut rows = Rows::into(table, ["id", "name"]);
        rows.push([1_i64.into(), name.into()]);
        rows
    }

    fn all(backend: DbBackend) -> Vec<Statement> {
        let closing = Closing::default();
        for (table, name) in [("a", "1"), ("b", "2"), ("c", "3"), ("b", "4")] {
            closing.add(backend, insert(table, name), "ON CONFLICT (id) DO NOTHING").expect("added");
        }
        closing.truncate(4);
        together(backend, closing.0.into_inner().expect("inserts"))
    }

    #[test]
    fn rows_of_different_tables_go_in_one_statement_on_postgresql() {
        let statements = all(DbBackend::Postgres);
        assert_eq!(statements.len(), 2, "the second into one table waits for the first");
        assert_eq!(
            statements[0].sql,
            "WITH w0 AS (INSERT INTO a (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING), \
             w1 AS (INSERT INTO b (id, name) VALUES ($3, $4) ON CONFLICT (id) DO NOTHING) \
             INSERT INTO c (id, name) VALUES ($5, $6) ON CONFLICT (id) DO NOTHING"
        );
        let values = statements[0].values.clone().expect("values").0;
        let names: Vec<Value> = ["1", "2", "3"].map(Value::from).into();
        assert_eq!(values.into_iter().skip(1).step_by(2).collect::<Vec<_>>(), names);
    }

    #[test]
    fn sqlite_takes_them_one_by_one() {
        assert_eq!(all(DbBackend::Sqlite).len(), 4);
    }

    #[test]
    fn places_are_numbered_on() {
        assert_eq!(
            shifted("$1 = $12 AND cost = '$' || $3::text[]", 10),
            "$11 = $22 AND cost = '$' || $13::text[]"
        );
    }
}
